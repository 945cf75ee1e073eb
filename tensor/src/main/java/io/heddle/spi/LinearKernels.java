package io.heddle.spi;

import org.jspecify.annotations.Nullable;

/** Matrix products. */
public interface LinearKernels {
    /**
     * {@code y = x·Wᵀ + b [+ residual]}, row by row: every product has the shape of one row, so that a row's bits do not depend on its neighbours.
     *
     * @param x {@code [rows, tokens, in]}
     * @param weight {@code [out, in]}
     * @param bias {@code [out]} or null
     * @param residual {@code [rows, tokens, out]} or null
     * @param y {@code [rows, tokens, out]}
     */
    void linear(Buffer x, Buffer weight, @Nullable Buffer bias, @Nullable Buffer residual, LinearShape shape, Buffer y);

    /** {@code dx = dy·W}. */
    void linearInputGradient(Buffer dy, Buffer weight, LinearShape shape, Buffer dx);

    /** {@code dW = dyᵀ·x} and, if {@code db} is given, {@code db = Σ dy}, both over all rows and tokens. */
    void linearWeightGradient(Buffer x, Buffer dy, LinearShape shape, Buffer dWeight, @Nullable Buffer dBias);

    /**
     * {@code c[n] = op(a[n])·op(b[n])} for {@code n < batch}.
     *
     * @param a {@code [batch, m, k]}, or {@code [batch, k, m]} if {@code shape.transposeA}
     * @param b {@code [batch, k, n]}, or {@code [batch, n, k]} if {@code shape.transposeB}
     * @param c {@code [batch, m, n]}
     */
    void matmul(Buffer a, Buffer b, MatmulShape shape, Buffer c);

    /**
     * The sizes of a linear layer's application.
     *
     * @param rows batch rows
     * @param tokens positions of one row
     * @param in input features
     * @param out output features
     */
    record LinearShape(int rows, int tokens, int in, int out) {}

    /**
     * The sizes of a batched product.
     *
     * @param batch number of products
     * @param m rows of the result
     * @param n columns of the result
     * @param k summed length
     * @param transposeA whether {@code a} is stored transposed
     * @param transposeB whether {@code b} is stored transposed
     */
    record MatmulShape(int batch, int m, int n, int k, boolean transposeA, boolean transposeB) {}
}
