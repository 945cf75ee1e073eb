package io.heddle.cpu;

/**
 * The product with the Vector API: both operands are packed so that blocks of them stay in the caches while {@link VectorBlock} multiplies. An element
 * is summed within blocks of k and then over them, so its bits depend on k alone.
 */
final class VectorGemm implements Gemm {
    private static final int ROWS = VectorBlock.ROWS;
    private static final int COLUMNS = VectorBlock.COLUMNS;

    /** A block of {@code a} fills a part of the second-level cache, a panel of {@code b} about the first level. */
    private static final int M_BLOCK = 20 * ROWS;

    private static final int K_BLOCK = VectorBlock.LONGEST;
    private static final int N_BLOCK = 20 * COLUMNS;

    private final Scratch blocksOfA = new Scratch();
    private final Scratch panelsOfB = new Scratch();
    private final Scratch blocksOfC = new Scratch();

    @Override
    public String name() {
        return "Vector API";
    }

    @Override
    public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        Gemm.check(a, b, c);
        float[] blockOfA = blocksOfA.array(M_BLOCK * K_BLOCK);
        float[] panels = panelsOfB.array(N_BLOCK * K_BLOCK);
        if (a.columns() == 0) {
            scale(beta, c);
        }
        for (int j = 0; j < c.columns(); j += N_BLOCK) {
            int n = Math.min(N_BLOCK, c.columns() - j);
            for (int p = 0; p < a.columns(); p += K_BLOCK) {
                int k = Math.min(K_BLOCK, a.columns() - p);
                for (int q = 0; q < n; q += COLUMNS) {
                    copy(1, b.rows(p, k).columns(j + q, Math.min(COLUMNS, n - q)), panels, q * k, COLUMNS);
                }
                for (int i = 0; i < c.rows(); i += M_BLOCK) {
                    int m = Math.min(M_BLOCK, c.rows() - i);
                    copy(alpha, a.rows(i, m).columns(p, k), blockOfA, 0, k);
                    multiply(k, blockOfA, panels, p == 0 ? beta : 1, c.rows(i, m).columns(j, n));
                }
            }
        }
    }

    private static void scale(float beta, Matrix c) {
        for (int i = 0; i < c.rows(); i++) {
            int from = c.offset() + i * c.stride();
            for (int j = from; j < from + c.columns(); j++) {
                c.array()[j] = beta == 0 ? 0 : beta * c.array()[j];
            }
        }
    }

    /** Writes {@code factor·x} row by row, rows {@code stride} apart. */
    private static void copy(float factor, Matrix x, float[] to, int at, int stride) {
        for (int i = 0; i < x.rows(); i++) {
            int row = at + i * stride;
            if (x.transposed()) {
                for (int j = 0; j < x.columns(); j++) {
                    to[row + j] = factor * x.array()[x.offset() + j * x.stride() + i];
                }
            } else if (factor == 1) {
                System.arraycopy(x.array(), x.offset() + i * x.stride(), to, row, x.columns());
            } else {
                for (int j = 0; j < x.columns(); j++) {
                    to[row + j] = factor * x.array()[x.offset() + i * x.stride() + j];
                }
            }
        }
    }

    private void multiply(int k, float[] a, float[] panels, float beta, Matrix c) {
        float[] sums = blocksOfC.array(VectorBlock.ELEMENTS);
        for (int j = 0; j < c.columns(); j += COLUMNS) {
            for (int i = 0; i < c.rows(); i += ROWS) {
                VectorBlock.multiply(k, a, i * k, k, panels, j * k, false, sums, 0, COLUMNS);
                VectorBlock.add(sums, beta, c.rows(i, Math.min(ROWS, c.rows() - i)).columns(j, Math.min(COLUMNS, c.columns() - j)));
            }
        }
    }
}
