package io.heddle.cpu;

/**
 * Sums of outer products, {@code c += aᵀ·b} for matrices of many rows, as gradients of weights are: one row for each token or cell of a batch. With the
 * Vector API both operands are read as they lie; without it {@link Gemm} multiplies. Equal shapes give equal bits.
 */
final class TallProduct {
    /** Rows whose part of {@code b} stays in the first-level cache for a panel, and of {@code a} in the second-level one. */
    static final int DEPTH = 128;

    /** Rows this far apart, or a multiple, fall on so few sets of a cache that they drive each other out. */
    private static final int CONFLICT = 128;

    private static final int ROWS = TallBlock.ROWS;
    private static final int COLUMNS = TallBlock.COLUMNS;

    private final Gemm gemm;
    private final boolean direct;
    private final Scratch columnsOfA = new Scratch();
    private final Scratch panelOfB = new Scratch();
    private final Scratch blockOfC = new Scratch();

    /** Products beside {@code gemm}. */
    TallProduct(Gemm gemm) {
        this.gemm = gemm;
        this.direct = PanelGemm.beside(gemm).isDirect();
    }

    /** Into how many tasks {@code c} is cut: as few as there are threads, where an element's bits do not depend on the cuts. */
    int parts(Workers workers) {
        return direct ? workers.threads() : Tiles.FEWEST;
    }

    /** The rows of {@code c} in parts. */
    static Chunks rows(int parts, int total) {
        return new Chunks(total, Math.ceilDiv(Math.ceilDiv(total, parts), ROWS) * ROWS);
    }

    /**
     * {@code c += aᵀ·b}.
     *
     * @param a {@code [k, m]}, not transposed
     * @param b {@code [k, n]}, not transposed
     * @param c {@code [m, n]}, not transposed
     */
    void accumulate(Matrix a, Matrix b, Matrix c) {
        if (!direct) {
            gemm.multiply(1, a.transpose(), b, 1, c);
            return;
        }
        Gemm.check(a.transpose(), b, c);
        for (int p = 0; p < a.rows(); p += DEPTH) {
            int k = Math.min(DEPTH, a.rows() - p);
            for (int j = 0; j < c.columns(); j += COLUMNS) {
                int n = Math.min(COLUMNS, c.columns() - j);
                panel(a.rows(p, k), b.rows(p, k).columns(j, n), c.columns(j, n));
            }
        }
    }

    private void panel(Matrix a, Matrix b, Matrix c) {
        boolean asItLies = b.columns() == COLUMNS && b.stride() % CONFLICT != 0;
        Matrix whole = asItLies ? b : copy(b, Matrix.of(panelOfB.array(b.rows() * COLUMNS), 0, b.rows(), COLUMNS));
        int rows;
        for (int i = 0; i < c.rows(); i += rows) {
            int rest = c.rows() - i;
            rows = rest == 2 * TallBlock.NARROW || rest < ROWS ? Math.min(rest, TallBlock.NARROW) : ROWS;
            if (rows >= TallBlock.NARROW && b.columns() == COLUMNS) {
                block(a.columns(i, rows), whole, c.rows(i, rows));
            } else {
                Matrix columns = copy(a.columns(i, rows), Matrix.of(columnsOfA.array(a.rows() * ROWS), 0, a.rows(), ROWS));
                Matrix sums = Matrix.of(blockOfC.array(ROWS * COLUMNS), 0, ROWS, COLUMNS);
                copy(c.rows(i, rows), sums);
                block(columns, whole, sums);
                copy(sums.rows(0, rows).columns(0, c.columns()), c.rows(i, rows));
            }
        }
    }

    private static void block(Matrix a, Matrix b, Matrix c) {
        if (c.rows() == ROWS) {
            TallBlock.accumulate(
                    a.rows(), a.array(), a.offset(), a.stride(), b.array(), b.offset(), b.stride(), c.array(), c.offset(), c.stride());
        } else {
            TallBlock.accumulateNarrow(
                    a.rows(), a.array(), a.offset(), a.stride(), b.array(), b.offset(), b.stride(), c.array(), c.offset(), c.stride());
        }
    }

    /** Copies into the top left corner of {@code to} and returns it; what else is there does not matter. */
    private static Matrix copy(Matrix from, Matrix to) {
        for (int i = 0; i < from.rows(); i++) {
            System.arraycopy(from.array(), from.offset() + i * from.stride(), to.array(), to.offset() + i * to.stride(), from.columns());
        }
        return to;
    }
}
