package io.heddle.cpu;

/** Single-threaded products with a right operand that is laid out in {@link Panels} once and used many times. Equal shapes give equal bits. */
interface PanelGemm {
    /** The one used beside {@code gemm}: with the Vector API, unless it is off or plain Java was chosen. */
    static PanelGemm beside(Gemm gemm) {
        return VectorApi.AVAILABLE && !(gemm instanceof PlainGemm) ? new VectorPanelGemm() : new PackingPanelGemm(gemm);
    }

    /** The width of the panels of an operand of {@code columns} columns. */
    int width(int columns);

    /** Left operands whose number of rows is a multiple of this are multiplied without extra work. */
    int height();

    /** Whether panels are multiplied as they are, so that laying out an operand for a single use pays. */
    boolean isDirect();

    /** {@code c = a·b}, as below. */
    default void multiply(Matrix a, Matrix panel, Matrix c) {
        multiply(a, panel, false, c);
    }

    /**
     * {@code c = a·b}, or {@code c += a·b}.
     *
     * @param a {@code [m, k]}, not transposed
     * @param panel {@code [k, width]}
     * @param accumulate whether the product is added to what {@code c} holds
     * @param c {@code [m, n]}, not transposed; {@code n} is the panel's width, or less if the panel is the last one
     */
    void multiply(Matrix a, Matrix panel, boolean accumulate, Matrix c);
}
