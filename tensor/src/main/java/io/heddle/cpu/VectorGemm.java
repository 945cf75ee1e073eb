package io.heddle.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The product with the Vector API: both operands are packed into panels that stay in the cache, and a kernel keeps a block of 6 rows by two vectors of
 * {@code c} in registers. An element of {@code c} is summed over ascending k with fused multiply-adds within blocks of k, then over the blocks, so its
 * bits depend on k alone.
 */
final class VectorGemm implements Gemm {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Rows and columns of a register block. */
    private static final int ROWS = 6;

    private static final int COLUMNS = 2 * LANES;

    /** Panels of {@code a} fill a part of the second-level cache, a strip of {@code b} the first level. */
    private static final int M_BLOCK = 20 * ROWS;

    private static final int K_BLOCK = 320;
    private static final int N_BLOCK = 20 * COLUMNS;

    private final Scratch panelsOfA = new Scratch();
    private final Scratch panelsOfB = new Scratch();
    private final Scratch edges = new Scratch();

    @Override
    public String name() {
        return "Vector API products";
    }

    @Override
    public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        Gemm.check(a, b, c);
        float[] packedA = panelsOfA.array(M_BLOCK * K_BLOCK);
        float[] packedB = panelsOfB.array(N_BLOCK * K_BLOCK);
        if (a.columns() == 0) {
            scale(beta, c);
        }
        for (int j = 0; j < c.columns(); j += N_BLOCK) {
            int n = Math.min(N_BLOCK, c.columns() - j);
            for (int p = 0; p < a.columns(); p += K_BLOCK) {
                int k = Math.min(K_BLOCK, a.columns() - p);
                pack(b.rows(p, k).columns(j, n).transpose(), COLUMNS, 1, packedB);
                for (int i = 0; i < c.rows(); i += M_BLOCK) {
                    int m = Math.min(M_BLOCK, c.rows() - i);
                    pack(a.rows(i, m).columns(p, k), ROWS, alpha, packedA);
                    block(k, packedA, packedB, p == 0 ? beta : 1, c.rows(i, m).columns(j, n));
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

    /** Panels of {@code height} rows, each stored column by column; rows beyond the last are zeros. */
    private static void pack(Matrix x, int height, float factor, float[] panels) {
        int across = x.transposed() ? x.stride() : 1;
        int down = x.transposed() ? 1 : x.stride();
        for (int i = 0; i < x.rows(); i += height) {
            int rows = Math.min(height, x.rows() - i);
            int to = i * x.columns();
            if (rows < height) {
                Arrays.fill(panels, to, to + height * x.columns(), 0);
            }
            if (x.transposed() && factor == 1) {
                for (int p = 0; p < x.columns(); p++) {
                    System.arraycopy(x.array(), x.offset() + p * across + i, panels, to + p * height, rows);
                }
            } else {
                for (int r = 0; r < rows; r++) {
                    int from = x.offset() + (i + r) * down;
                    for (int p = 0; p < x.columns(); p++) {
                        panels[to + p * height + r] = factor * x.array()[from + p * across];
                    }
                }
            }
        }
    }

    private void block(int k, float[] a, float[] b, float beta, Matrix c) {
        float[] edge = edges.array(ROWS * COLUMNS);
        for (int j = 0; j < c.columns(); j += COLUMNS) {
            int n = Math.min(COLUMNS, c.columns() - j);
            for (int i = 0; i < c.rows(); i += ROWS) {
                int m = Math.min(ROWS, c.rows() - i);
                int at = c.offset() + i * c.stride() + j;
                if (m == ROWS && n == COLUMNS) {
                    kernel(k, a, i * k, b, j * k, beta, c.array(), at, c.stride());
                } else {
                    copy(c.array(), at, c.stride(), edge, 0, COLUMNS, m, n);
                    kernel(k, a, i * k, b, j * k, beta, edge, 0, COLUMNS);
                    copy(edge, 0, COLUMNS, c.array(), at, c.stride(), m, n);
                }
            }
        }
    }

    private static void copy(float[] from, int fromOffset, int fromStride, float[] to, int toOffset, int toStride, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(from, fromOffset + i * fromStride, to, toOffset + i * toStride, columns);
        }
    }

    /** One register block: {@code c = beta·c + Σ a·b}. The twelve sums must be local variables, or they would not stay in registers. */
    private static void kernel(int k, float[] a, int aAt, float[] b, int bAt, float beta, float[] c, int cAt, int stride) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + p * COLUMNS);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + p * COLUMNS + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + p * ROWS]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + p * ROWS + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aAt + p * ROWS + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aAt + p * ROWS + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aAt + p * ROWS + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aAt + p * ROWS + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
        }
        store(c00, c01, beta, c, cAt);
        store(c10, c11, beta, c, cAt + stride);
        store(c20, c21, beta, c, cAt + 2 * stride);
        store(c30, c31, beta, c, cAt + 3 * stride);
        store(c40, c41, beta, c, cAt + 4 * stride);
        store(c50, c51, beta, c, cAt + 5 * stride);
    }

    private static void store(FloatVector sum0, FloatVector sum1, float beta, float[] c, int at) {
        if (beta == 0) {
            sum0.intoArray(c, at);
            sum1.intoArray(c, at + LANES);
        } else {
            FloatVector factor = FloatVector.broadcast(SPECIES, beta);
            FloatVector.fromArray(SPECIES, c, at).fma(factor, sum0).intoArray(c, at);
            FloatVector.fromArray(SPECIES, c, at + LANES).fma(factor, sum1).intoArray(c, at + LANES);
        }
    }
}
