package io.heddle.cpu;

/**
 * Single-threaded products with a right operand that is used again and again, and is therefore kept in panels of adjacent columns. Equal shapes give
 * equal bits.
 */
interface PanelGemm {
    /** The one used beside {@code gemm}: with the Vector API, unless it is off or plain Java was chosen. */
    static PanelGemm beside(Gemm gemm) {
        return VectorApi.AVAILABLE && !(gemm instanceof PlainGemm) ? new VectorPanels() : new GemmPanels(gemm);
    }

    /** Columns of each panel of an operand of {@code columns} columns; the last panel is filled up. */
    int width(int columns);

    /** Rows of the left operand and of the result are held in multiples of this, those beyond the last with any contents. */
    int height();

    /**
     * {@code c = a·b}.
     *
     * @param a {@code [m, k]}
     * @param b a panel {@code [k, n]}, {@code n} being {@link #width}
     * @param c {@code [m, n]}
     */
    void multiply(Matrix a, Matrix b, Matrix c);
}
