package io.heddle.cpu;

import java.util.Arrays;

/** Softmax along rows whose elements are all at hand. */
final class Softmax {
    private Softmax() {}

    /** {@code y = softmax(x)}, row by row; {@code y} may be {@code x}. */
    static void of(Kernels kernels, Matrix x, Matrix y) {
        float[] maxima = new float[x.rows()];
        double[] sums = new double[x.rows()];
        Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
        kernels.maxima(x, maxima);
        kernels.exponentials(x, maxima, y, sums);
        for (int row = 0; row < y.rows(); row++) {
            int from = y.offset() + row * y.stride();
            kernels.affine(y.array(), from, (float) (1 / sums[row]), 0, y.array(), from, y.columns());
        }
    }
}
