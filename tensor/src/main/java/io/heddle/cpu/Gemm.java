package io.heddle.cpu;

/** Single-threaded products of float32 matrices. Equal shapes give equal bits, wherever in their arrays the matrices lie. */
interface Gemm {
    /** What computes, for reports. */
    String name();

    /**
     * {@code c = alpha·a·b + beta·c}; {@code c} is not read if {@code beta} is 0.
     *
     * @param a {@code [m, k]}
     * @param b {@code [k, n]}
     * @param c {@code [m, n]}, not transposed, apart from {@code a} and {@code b} in memory
     */
    void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c);

    /** Refuses matrices that do not fit together. */
    static void check(Matrix a, Matrix b, Matrix c) {
        if (a.columns() != b.rows() || a.rows() != c.rows() || b.columns() != c.columns() || c.transposed()) {
            throw new IllegalArgumentException("a product of [" + a.rows() + ", " + a.columns() + "] and [" + b.rows() + ", " + b.columns()
                    + "] was asked for in [" + c.rows() + ", " + c.columns() + "]" + (c.transposed() ? " stored transposed" : ""));
        }
    }
}
