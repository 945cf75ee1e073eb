package io.heddle.cpu;

/**
 * Products with the Vector API of panels as wide as {@link VectorBlock}. Nothing is packed, and the bits of an element depend neither on its place nor
 * on the sizes of {@code a} and {@code c}.
 */
final class VectorPanelGemm implements PanelGemm {
    /** Sums longer than this are made of several: a sum's error grows with its length, and this many rows of a panel are at home in a cache. */
    static final int LONGEST_SUM = 320;

    private static final int ROWS = VectorBlock.ROWS;
    private static final int COLUMNS = VectorBlock.COLUMNS;

    private final Scratch wholeRows = new Scratch();
    private final Scratch wholeBlock = new Scratch();

    @Override
    public int width(int columns) {
        return COLUMNS;
    }

    @Override
    public int height() {
        return ROWS;
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    @Override
    public void multiply(Matrix a, Matrix panel, boolean accumulate, Matrix c) {
        for (int i = 0; i < c.rows(); i += ROWS) {
            if (i + ROWS <= c.rows() && c.columns() == COLUMNS) {
                rows(a, i, panel, accumulate, c);
            } else if (c.rows() >= ROWS && c.columns() == COLUMNS && !accumulate) {
                rows(a, c.rows() - ROWS, panel, false, c); // some rows a second time, with the same bits
            } else {
                edge(a.rows(i, Math.min(ROWS, c.rows() - i)), panel, accumulate, c.rows(i, Math.min(ROWS, c.rows() - i)));
            }
        }
    }

    private static void rows(Matrix a, int i, Matrix panel, boolean accumulate, Matrix c) {
        int aAt = a.offset() + i * a.stride();
        int cAt = c.offset() + i * c.stride();
        for (int p = 0; p < a.columns(); p += LONGEST_SUM) {
            int k = Math.min(LONGEST_SUM, a.columns() - p);
            int bAt = panel.offset() + p * COLUMNS;
            VectorBlock.multiply(k, a.array(), aAt + p, a.stride(), panel.array(), bAt, accumulate || p > 0, c.array(), cAt, c.stride());
        }
    }

    /** A block that is not whole, computed as if it were. */
    private void edge(Matrix a, Matrix panel, boolean accumulate, Matrix c) {
        Matrix rows = Matrix.of(wholeRows.array(ROWS * a.columns()), 0, ROWS, a.columns());
        Matrix block = Matrix.of(wholeBlock.array(ROWS * COLUMNS), 0, ROWS, COLUMNS);
        copy(a, rows);
        copy(c, block);
        rows(rows, 0, panel, accumulate, block);
        copy(block.rows(0, c.rows()).columns(0, c.columns()), c);
    }

    private static void copy(Matrix from, Matrix to) {
        for (int i = 0; i < from.rows(); i++) {
            System.arraycopy(from.array(), from.offset() + i * from.stride(), to.array(), to.offset() + i * to.stride(), from.columns());
        }
    }
}
