package io.heddle.cpu;

/**
 * Panels for a product that packs its operands itself, and therefore wants wide ones.
 *
 * @param gemm computes
 */
record PackingPanelGemm(Gemm gemm) implements PanelGemm {
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
    public boolean isDirect() {
        return false;
    }

    @Override
    public void multiply(Matrix a, Matrix panel, boolean accumulate, Matrix c) {
        gemm.multiply(1, a, panel.columns(0, c.columns()), accumulate ? 1 : 0, c);
    }
}
