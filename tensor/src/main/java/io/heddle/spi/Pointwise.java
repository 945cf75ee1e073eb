package io.heddle.spi;

/** Element-by-element arithmetic. */
public interface Pointwise {
    /** {@code out = op(x)}. */
    void unary(UnaryOp op, Buffer x, Buffer out);

    /** {@code dx = op'(x) ∘ dy}. */
    void unaryGradient(UnaryOp op, Buffer x, Buffer dy, Buffer dx);

    /**
     * {@code out = op(a, b)} with the broadcasting of NumPy: dimensions are aligned at the end, and a dimension of one (or a missing one) repeats.
     *
     * @param aDims dimensions of {@code a}
     * @param bDims dimensions of {@code b}
     * @param outDims dimensions of {@code out}: the broadcast of both
     */
    void binary(BinaryOp op, Buffer a, int[] aDims, Buffer b, int[] bDims, Buffer out, int[] outDims);

    /** {@code out = scale·x + shift}, each product and sum rounded to float32. */
    void affine(Buffer x, float scale, float shift, Buffer out);

    /** {@code out = min(max(x, low), high)}. */
    void clamp(Buffer x, float low, float high, Buffer out);

    /** {@code dx = dy} where {@code low <= x <= high}, else 0. */
    void clampGradient(Buffer x, float low, float high, Buffer dy, Buffer dx);

    /**
     * {@code out[n, i] = x[n, i] · gelu(x[n, width + i])}: the value half comes first. Shazeer 2020, "GLU Variants Improve Transformer".
     *
     * @param x {@code [n, 2·width]}
     * @param out {@code [n, width]}
     */
    void geglu(Buffer x, int width, Buffer out);

    /** The gradient of {@link #geglu}: {@code dx [n, 2·width]} from {@code x [n, 2·width]} and {@code dy [n, width]}. */
    void gegluGradient(Buffer x, int width, Buffer dy, Buffer dx);
}
