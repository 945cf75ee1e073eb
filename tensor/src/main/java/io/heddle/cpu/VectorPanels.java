package io.heddle.cpu;

/** Panels as wide as {@link VectorBlock}: nothing is packed at a product. */
final class VectorPanels implements PanelGemm {
    @Override
    public int width(int columns) {
        return VectorBlock.COLUMNS;
    }

    @Override
    public int height() {
        return VectorBlock.ROWS;
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix c) {
        for (int p = 0; p < a.columns(); p += VectorBlock.LONGEST) {
            int k = Math.min(VectorBlock.LONGEST, a.columns() - p);
            int bAt = b.offset() + p * b.stride();
            for (int i = 0; i < a.rows(); i += VectorBlock.ROWS) {
                int aAt = a.offset() + i * a.stride() + p;
                int cAt = c.offset() + i * c.stride();
                VectorBlock.multiply(k, a.array(), aAt, a.stride(), b.array(), bAt, p > 0, c.array(), cAt, c.stride());
            }
        }
    }
}
