package io.heddle.cpu;

/**
 * Panels for a product that packs its operands itself.
 *
 * @param gemm computes
 */
record GemmPanels(Gemm gemm) implements PanelGemm {
    private static final int WIDEST = 320;

    @Override
    public int width(int columns) {
        return Math.ceilDiv(columns, Math.ceilDiv(columns, WIDEST));
    }

    @Override
    public int height() {
        return 1;
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix c) {
        gemm.multiply(1, a, b, 0, c);
    }
}
