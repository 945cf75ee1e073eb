package io.heddle.cpu;

/** The product with the Vector API: blocks of both operands are packed so that they stay in the caches. An element's bits depend on k alone. */
final class VectorGemm implements Gemm {
    private static final int WIDTH = VectorBlock.COLUMNS;

    /** Rows of a block of {@code a}, which fills a part of the second-level cache; the blocks of {@code b} are shared by many. */
    private static final int M_BLOCK = 20 * VectorBlock.ROWS;

    private static final int K_BLOCK = VectorPanelGemm.LONGEST_SUM;
    private static final int N_BLOCK = 20 * WIDTH;

    private final VectorPanelGemm gemm = new VectorPanelGemm();
    private final Scratch blocksOfA = new Scratch();
    private final Scratch panelsOfB = new Scratch();

    @Override
    public String name() {
        return "Vector API";
    }

    @Override
    public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        Gemm.check(a, b, c);
        if (beta != 1) {
            scale(beta, c);
        }
        for (int j = 0; j < c.columns(); j += N_BLOCK) {
            int n = Math.min(N_BLOCK, c.columns() - j);
            for (int p = 0; p < a.columns(); p += K_BLOCK) {
                int k = Math.min(K_BLOCK, a.columns() - p);
                Panels panels = new Panels(panelsOfB.array(N_BLOCK * K_BLOCK), k, WIDTH);
                for (int q = 0; q < Math.ceilDiv(n, WIDTH); q++) {
                    panels.pack(b.rows(p, k).columns(j, n), q);
                }
                for (int i = 0; i < c.rows(); i += M_BLOCK) {
                    int m = Math.min(M_BLOCK, c.rows() - i);
                    Matrix block = block(alpha, a.rows(i, m).columns(p, k));
                    for (int q = 0; q < n; q += WIDTH) {
                        gemm.multiply(block, panels.panel(q / WIDTH), true, c.rows(i, m).columns(j + q, Math.min(WIDTH, n - q)));
                    }
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

    /** {@code alpha·a} as rows. */
    private Matrix block(float alpha, Matrix a) {
        if (alpha == 1 && !a.transposed()) {
            return a;
        }
        float[] to = blocksOfA.array(M_BLOCK * K_BLOCK);
        int down = a.transposed() ? 1 : a.stride();
        int across = a.transposed() ? a.stride() : 1;
        for (int i = 0; i < a.rows(); i++) {
            int from = a.offset() + i * down;
            for (int j = 0; j < a.columns(); j++) {
                to[i * a.columns() + j] = alpha * a.array()[from + j * across];
            }
        }
        return Matrix.of(to, 0, a.rows(), a.columns());
    }
}
