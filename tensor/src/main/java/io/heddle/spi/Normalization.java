package io.heddle.spi;

import org.jspecify.annotations.Nullable;

/** Group and layer normalisation with the biased variance, {@code ε} inside the root, and sums that do not cancel. */
public interface Normalization {
    /**
     * Group normalisation over {@code (cells, channels / groups)}, optionally followed by SiLU. Wu and He 2018.
     *
     * @param x {@code [rows, cells, channels]}
     * @param gamma {@code [channels]}
     * @param beta {@code [channels]}
     * @param silu whether {@code y·σ(y)} is applied to the result
     * @param y {@code [rows, cells, channels]}
     * @param statistics {@code [rows, groups, 2]}: mean and reciprocal standard deviation of each group
     */
    void groupNorm(Buffer x, Buffer gamma, Buffer beta, GroupNormShape shape, float epsilon, boolean silu, Buffer y, Buffer statistics);

    /** The gradients of {@link #groupNorm}; the ones that are null are not computed. Those of {@code gamma} and {@code beta} sum over rows. */
    void groupNormGradient(
            Buffer x,
            Buffer gamma,
            Buffer beta,
            GroupNormShape shape,
            boolean silu,
            Buffer statistics,
            Buffer dy,
            @Nullable Buffer dx,
            @Nullable Buffer dGamma,
            @Nullable Buffer dBeta);

    /**
     * Layer normalisation over runs of {@code width} elements. Ba et al. 2016.
     *
     * @param x {@code [n, width]}
     * @param y {@code [n, width]}
     * @param statistics {@code [n, 2]}: mean and reciprocal standard deviation of each run
     */
    void layerNorm(Buffer x, Buffer gamma, Buffer beta, int width, float epsilon, Buffer y, Buffer statistics);

    /** The gradients of {@link #layerNorm}; the ones that are null are not computed. Those of {@code gamma} and {@code beta} sum over runs. */
    void layerNormGradient(
            Buffer x,
            Buffer gamma,
            int width,
            Buffer statistics,
            Buffer dy,
            @Nullable Buffer dx,
            @Nullable Buffer dGamma,
            @Nullable Buffer dBeta);

    /**
     * The sizes of a group normalisation.
     *
     * @param rows batch rows
     * @param cells height times width
     * @param channels channels
     * @param groups groups; divides {@code channels}
     */
    record GroupNormShape(int rows, int cells, int channels, int groups) {}
}
