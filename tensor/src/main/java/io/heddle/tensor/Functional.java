package io.heddle.tensor;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.QueryWindow;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape.Padding;
import org.jspecify.annotations.Nullable;

/** The operations that layers of networks are made of, differentiable in all their tensor arguments where nothing else is said. */
public final class Functional {
    private Functional() {}

    /**
     * A linear layer {@code x·Wᵀ + b + residual}.
     *
     * @param x {@code [rows, .., in]}
     * @param weight {@code [out, in]}
     * @param bias {@code [out]} or null
     * @param residual {@code [rows, .., out]} or null
     * @return {@code [rows, .., out]}
     * @throws ShapeException if they do not fit
     */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias, @Nullable Tensor residual) {
        return Op.apply(Linear.of(x, weight, bias, residual));
    }

    /**
     * A convolution (cross-correlation) {@code x * W + b + residual}.
     *
     * @param x {@code [rows, height, width, in]}
     * @param weight {@code [out, kernel height, kernel width, in]}
     * @param bias {@code [out]} or null
     * @param residual of the result's shape, or null
     * @param stride step in both directions, 1 or more
     * @param padding zeros around {@code x}
     * @return {@code [rows, out height, out width, out]}
     * @throws ShapeException if they do not fit
     */
    public static Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias, @Nullable Tensor residual, int stride, Padding padding) {
        return Op.apply(Conv2d.of(x, weight, bias, residual, stride, padding));
    }

    /**
     * Group normalisation over the cells of a row and the channels of a group. Wu and He 2018.
     *
     * @param x {@code [rows, .., channels]}
     * @param gamma {@code [channels]}
     * @param beta {@code [channels]}
     * @param groups divides {@code channels}
     * @param epsilon added to the biased variance
     * @param silu whether SiLU is applied to the result, in the same pass
     */
    public static Tensor groupNorm(Tensor x, Tensor gamma, Tensor beta, int groups, float epsilon, boolean silu) {
        return Op.apply(GroupNorm.of(x, gamma, beta, groups, epsilon, silu));
    }

    /** Layer normalisation over the last axis of {@code x [.., width]}. Ba et al. 2016. */
    public static Tensor layerNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon) {
        return Op.apply(LayerNorm.of(x, gamma, beta, epsilon));
    }

    /** {@code a ∘ gelu(g)} of {@code x = [a | g]}: {@code [.., 2·width] → [.., width]}. Shazeer 2020. */
    public static Tensor geglu(Tensor x) {
        return Op.apply(Geglu.of(x));
    }

    /**
     * Attention without a map: {@code out[t.out] = Σ softmax(scale·q[t.query]·k[t.key]ᵀ)·v[t.value]} over a row's terms.
     *
     * @param q {@code [any, queries, heads·dim]}
     * @param k {@code [any, keys, heads·dim]}
     * @param v {@code [any, keys, heads·dim]}
     * @return {@code [terms.rows(), queries, heads·dim]}
     * @throws ShapeException if they do not fit, or a term names a row that does not exist
     */
    public static Tensor attention(Tensor q, Tensor k, Tensor v, Terms terms, int heads, boolean causal) {
        return Op.apply(FusedAttention.of(q, k, v, terms, sizes("attention", q, k, heads, causal)));
    }

    /**
     * {@link #attention}, bit for bit, that on its way sums the map of each term over the heads.
     *
     * @throws ShapeException as {@link #attention} does, and if there are more keys than {@link io.heddle.spi.AttentionKernels#MOST_SUMMED_KEYS}
     * @throws NoBackwardException if an operand is recorded
     */
    public static SummedAttention attentionWithHeadSums(Tensor q, Tensor k, Tensor v, Terms terms, int heads, boolean causal) {
        return SummedAttention.of(q, k, v, terms, sizes("attentionWithHeadSums", q, k, heads, causal));
    }

    /**
     * Attention maps {@code softmax(scale·q[query[n]]·k[key[n]]ᵀ)} of a window of queries.
     *
     * @return {@code [query.length, heads, window.count(), keys]}
     * @throws ShapeException if they do not fit, or a row or a query of the window does not exist
     */
    public static Tensor attentionMap(Tensor q, Tensor k, int[] query, int[] key, int heads, boolean causal, QueryWindow window) {
        return Op.apply(AttentionMap.of(q, k, query, key, sizes("attentionMap", q, k, heads, causal), window));
    }

    /**
     * {@code out[n] = map[n]·v[value[n]]}.
     *
     * @param map {@code [value.length, heads, queries, keys]}
     * @param v {@code [any, keys, heads·dim]}
     * @return {@code [value.length, queries, heads·dim]}
     * @throws ShapeException if they do not fit, or a row does not exist
     */
    public static Tensor applyMap(Tensor map, Tensor v, int... value) {
        int heads = map.dim(1);
        boolean ranks = map.shape().rank() == 4 && v.shape().rank() == 3;
        if (!ranks || heads < 1 || map.dim(3) != v.dim(1) || v.dim(2) % heads != 0 || map.dim(0) != value.length) {
            throw new ShapeException("applyMap: a map of " + map.shape() + " does not fit values of " + v.shape() + " for " + value.length + " rows");
        }
        AttentionShape sizes = new AttentionShape(map.dim(2), map.dim(3), heads, v.dim(2) / heads, 1, false);
        return Op.apply(ApplyMap.of(map, v, value, sizes));
    }

    private static AttentionShape sizes(String operation, Tensor q, Tensor k, int heads, boolean causal) {
        int width = q.dim(-1);
        if (q.shape().rank() != 3 || k.shape().rank() != 3 || k.dim(-1) != width || heads < 1 || width % heads != 0) {
            throw new ShapeException(operation + " with " + heads + " heads: queries " + q.shape() + " and keys " + k.shape()
                    + " need shapes [rows, tokens, heads·dim] of one width");
        }
        int dim = width / heads;
        return new AttentionShape(q.dim(1), k.dim(1), heads, dim, (float) (1 / Math.sqrt(dim)), causal);
    }

    static @Nullable Buffer buffer(@Nullable Tensor tensor) {
        return tensor == null ? null : tensor.buffer();
    }
}
