package io.heddle.cpu;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Optimisation.AdamStep;
import io.heddle.spi.UnaryOp;

/**
 * The inner loops of the CPU backend: stateless functions of runs of {@code n} floats, each run given as an array and the index of its first element.
 * {@link PlainKernels} is the specification.
 *
 * <p>An element's result depends on that element alone, not on its place in the run, and has the same bits in every implementation. A sum's bits depend
 * on its run alone. A run that is written may be one that is read, but not overlap one otherwise.
 */
interface Kernels {
    /** What computes, for reports. */
    String name();

    /** {@code y = op(x)}. */
    void unary(UnaryOp op, float[] x, int xFrom, float[] y, int yFrom, int n);

    /** {@code y = op'(x)}. */
    void derivative(UnaryOp op, float[] x, int xFrom, float[] y, int yFrom, int n);

    /** {@code y = op(a, b)}. */
    void binary(BinaryOp op, float[] a, int aFrom, float[] b, int bFrom, float[] y, int yFrom, int n);

    /** {@code y = scale·x + shift}, product and sum rounded. */
    void affine(float[] x, int xFrom, float scale, float shift, float[] y, int yFrom, int n);

    /** For each row of {@code x}: {@code maxima[row]} becomes the largest of itself and the row; NaN if one is NaN. */
    void maxima(Matrix x, float[] maxima);

    /** The sum, accumulated in double. */
    double sum(float[] x, int xFrom, int n);

    /** {@code Σ a·b}, accumulated in double. */
    double dot(float[] a, int aFrom, float[] b, int bFrom, int n);

    /**
     * For each row: {@code y = e^(x − maxima[row])}, for maxima not below any element, and {@code sums[row]} grows by the sum of these. What is below
     * 2⁻¹²⁶ becomes 0.
     */
    void exponentials(Matrix x, float[] maxima, Matrix y, double[] sums);

    /** For each column of {@code x}: {@code maxima[from + column]} becomes the largest of itself and the column; NaN if one is NaN. */
    void columnMaxima(Matrix x, float[] maxima, int from);

    /** In place, for each column: {@code x = e^(x − maxima[from + column])}, and {@code sums[from + column]} grows by the sum, as {@link #exponentials}. */
    void columnExponentials(Matrix x, float[] maxima, double[] sums, int from);

    /** {@code y = factors·y + x}, a factor for each column, the product and the sum rounded once. */
    void scaleColumnsAndAdd(Matrix y, float[] factors, Matrix x);

    /** {@code dx = y·(dy − d)}: the gradient of softmax where {@code d = Σ y·dy}. */
    void softmaxGradient(float[] y, int yFrom, float[] dy, int dyFrom, float d, float[] dx, int dxFrom, int n);

    /** {@code y = (x − mean)·scale}, the mean taken as the sum of two floats, so that no digits are lost where it is far from 0. */
    void standardize(float[] x, int xFrom, double mean, float scale, float[] y, int yFrom, int n);

    /** {@code y[i] = (x[i] − mean[i])·scale[i] + shift[i]}, the last two steps fused. */
    void standardizeEach(float[] x, int xFrom, float[] mean, float[] scale, float[] shift, float[] y, int yFrom, int n);

    /** {@code sums[i] += a[i]} and {@code products[i] += a[i]·b[i]} for {@code i < n}. */
    void accumulate(float[] a, int aFrom, float[] b, int bFrom, double[] sums, double[] products, int n);

    /** One step of Adam in the order and rounding of PyTorch's single-tensor float32 implementation, which it matches bit for bit. */
    void adam(AdamStep step, float[] parameter, int pFrom, float[] gradient, int gFrom, float[] first, int fFrom, float[] second, int sFrom, int n);
}
