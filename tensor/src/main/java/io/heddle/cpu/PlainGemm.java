package io.heddle.cpu;

import java.util.Arrays;

/** The product in plain Java: each element of {@code c} is summed over ascending k with fused multiply-adds, in blocks that stay in the cache. */
final class PlainGemm implements Gemm {
    private static final int K_BLOCK = 256;
    private static final int N_BLOCK = 256;

    private final Scratch sums = new Scratch();
    private final ThreadLocal<float[][]> panels = ThreadLocal.withInitial(() -> new float[K_BLOCK][N_BLOCK]);

    @Override
    public String name() {
        return "plain Java";
    }

    @Override
    public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        Gemm.check(a, b, c);
        for (int i = 0; i < c.rows(); i++) {
            scale(beta, c.array(), c.offset() + i * c.stride(), c.columns());
        }
        float[][] panel = panels.get();
        for (int j = 0; j < b.columns(); j += N_BLOCK) {
            int n = Math.min(N_BLOCK, b.columns() - j);
            for (int p = 0; p < b.rows(); p += K_BLOCK) {
                int k = Math.min(K_BLOCK, b.rows() - p);
                pack(b.rows(p, k).columns(j, n), panel);
                addProduct(alpha, a.columns(p, k), panel, c.columns(j, n));
            }
        }
    }

    private static void scale(float beta, float[] c, int from, int length) {
        if (beta == 0) {
            Arrays.fill(c, from, from + length, 0);
        } else if (beta != 1) {
            for (int j = from; j < from + length; j++) {
                c[j] *= beta;
            }
        }
    }

    private static void pack(Matrix b, float[][] panel) {
        for (int p = 0; p < b.rows(); p++) {
            for (int j = 0; j < b.columns(); j++) {
                panel[p][j] = b.array()[b.offset() + (b.transposed() ? j * b.stride() + p : p * b.stride() + j)];
            }
        }
    }

    private void addProduct(float alpha, Matrix a, float[][] panel, Matrix c) {
        int n = c.columns();
        float[] sum = sums.array(N_BLOCK);
        int down = a.transposed() ? 1 : a.stride();
        int across = a.transposed() ? a.stride() : 1;
        for (int i = 0; i < a.rows(); i++) {
            int at = a.offset() + i * down;
            int to = c.offset() + i * c.stride();
            System.arraycopy(c.array(), to, sum, 0, n);
            int p = 0;
            for (; p + 4 <= a.columns(); p += 4, at += 4 * across) {
                float a0 = alpha * a.array()[at];
                float a1 = alpha * a.array()[at + across];
                float a2 = alpha * a.array()[at + 2 * across];
                float a3 = alpha * a.array()[at + 3 * across];
                add4(a0, panel[p], a1, panel[p + 1], a2, panel[p + 2], a3, panel[p + 3], sum, n);
            }
            for (; p < a.columns(); p++, at += across) {
                add(alpha * a.array()[at], panel[p], sum, n);
            }
            System.arraycopy(sum, 0, c.array(), to, n);
        }
    }

    private static void add(float a, float[] b, float[] sum, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] = Math.fma(a, b[j], sum[j]);
        }
    }

    private static void add4(float a0, float[] b0, float a1, float[] b1, float a2, float[] b2, float a3, float[] b3, float[] sum, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], sum[j]))));
        }
    }
}
