package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.Normalization;
import org.jspecify.annotations.Nullable;

/** Normalisation with moments accumulated in double: one pass over the elements loses nothing, however far their mean is from 0. */
final class CpuNormalization implements Normalization {
    private final Workers workers;
    private final Kernels kernels;

    CpuNormalization(Workers workers, Kernels kernels) {
        this.workers = workers;
        this.kernels = kernels;
    }

    @Override
    public void groupNorm(Buffer x, Buffer gamma, Buffer beta, GroupNormShape shape, float epsilon, boolean silu, Buffer y, Buffer statistics) {
        groupNorm(x, gamma, beta, shape, silu).forward(epsilon, HeapBuffer.of(y), HeapBuffer.of(statistics));
    }

    @Override
    public void groupNormGradient(
            Buffer x,
            Buffer gamma,
            Buffer beta,
            GroupNormShape shape,
            boolean silu,
            Buffer statistics,
            Buffer dy,
            @Nullable Buffer dx,
            @Nullable Buffer dGamma,
            @Nullable Buffer dBeta) {
        GroupNormKernel kernel = groupNorm(x, gamma, beta, shape, silu);
        ChannelSums sums = kernel.gradientSums(HeapBuffer.of(statistics), HeapBuffer.of(dy), dx == null ? null : HeapBuffer.of(dx));
        if (dx != null) {
            kernel.inputGradient(sums, HeapBuffer.of(statistics), HeapBuffer.of(dy), HeapBuffer.of(dx));
        }
        store(sums, dGamma, dBeta);
    }

    private GroupNormKernel groupNorm(Buffer x, Buffer gamma, Buffer beta, GroupNormShape shape, boolean silu) {
        return new GroupNormKernel(workers, kernels, shape, HeapBuffer.of(x), HeapBuffer.of(gamma), HeapBuffer.of(beta), silu);
    }

    @Override
    public void layerNorm(Buffer x, Buffer gamma, Buffer beta, int width, float epsilon, Buffer y, Buffer statistics) {
        layerNorm(x, gamma, width, statistics).forward(HeapBuffer.of(beta), epsilon, HeapBuffer.of(y));
    }

    @Override
    public void layerNormGradient(
            Buffer x,
            Buffer gamma,
            int width,
            Buffer statistics,
            Buffer dy,
            @Nullable Buffer dx,
            @Nullable Buffer dGamma,
            @Nullable Buffer dBeta) {
        LayerNormKernel kernel = layerNorm(x, gamma, width, statistics);
        if (dx != null) {
            kernel.inputGradient(HeapBuffer.of(dy), HeapBuffer.of(dx));
        }
        if (dGamma != null || dBeta != null) {
            store(kernel.gradientSums(HeapBuffer.of(dy)), dGamma, dBeta);
        }
    }

    private LayerNormKernel layerNorm(Buffer x, Buffer gamma, int width, Buffer statistics) {
        return new LayerNormKernel(workers, kernels, width, HeapBuffer.of(x), HeapBuffer.of(gamma), HeapBuffer.of(statistics));
    }

    private static void store(ChannelSums sums, @Nullable Buffer dGamma, @Nullable Buffer dBeta) {
        if (dGamma != null) {
            store(sums.products(0, sums.parts()), HeapBuffer.of(dGamma));
        }
        if (dBeta != null) {
            store(sums.sums(0, sums.parts()), HeapBuffer.of(dBeta));
        }
    }

    private static void store(double[] from, HeapBuffer to) {
        for (int i = 0; i < from.length; i++) {
            to.array()[to.offset() + i] = (float) from[i];
        }
    }
}
