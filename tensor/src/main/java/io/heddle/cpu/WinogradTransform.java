package io.heddle.cpu;

/**
 * The three linear maps of Winograd's F(2x2, 3x3) on runs of channels: {@code Y = Aᵀ[(G g Gᵀ) ∘ (Bᵀ d B)]A}, 16 products for 4 outputs where the
 * definition needs 36. Lavin and Gray 2016, equation 8. Every factor is 1, −1 or ½, so the transforms cost hardly any accuracy.
 */
final class WinogradTransform {
    /** Cells of a patch and of its transform: 4 x 4. */
    static final int POINTS = 16;

    private WinogradTransform() {}

    /** {@code Bᵀ d B} in place; {@code d[4·i + j]} is the run at row i and column j of a patch. */
    static void input(float[][] d, int channels) {
        for (int i = 0; i < 4; i++) {
            input(d[4 * i], d[4 * i + 1], d[4 * i + 2], d[4 * i + 3], channels);
        }
        for (int j = 0; j < 4; j++) {
            input(d[j], d[4 + j], d[8 + j], d[12 + j], channels);
        }
    }

    private static void input(float[] d0, float[] d1, float[] d2, float[] d3, int channels) {
        for (int c = 0; c < channels; c++) {
            float a = d1[c];
            float b = d2[c];
            d0[c] -= b;
            d1[c] = a + b;
            d2[c] = b - a;
            d3[c] = a - d3[c];
        }
    }

    /** {@code Aᵀ m A} in place; the outputs at row i and column j of the 2 x 2 tile are left in {@code m[4·i + j]}. */
    static void output(float[][] m, int channels) {
        for (int i = 0; i < 4; i++) {
            output(m[4 * i], m[4 * i + 1], m[4 * i + 2], m[4 * i + 3], channels);
        }
        for (int j = 0; j < 2; j++) {
            output(m[j], m[4 + j], m[8 + j], m[12 + j], channels);
        }
    }

    private static void output(float[] m0, float[] m1, float[] m2, float[] m3, int channels) {
        for (int c = 0; c < channels; c++) {
            float a = m1[c];
            float b = m2[c];
            m0[c] += a + b;
            m1[c] = a - b - m3[c];
        }
    }

    /** {@code G g Gᵀ} in double precision: the kernel's runs {@code g[3·i + j]} to {@code u[4·i + j]}, {@code t} being working space for 12 runs. */
    static void weight(float[][] g, double[][] t, float[][] u, int channels) {
        for (int j = 0; j < 3; j++) {
            down(g[j], g[3 + j], g[6 + j], t[j], t[3 + j], t[6 + j], t[9 + j], channels);
        }
        for (int i = 0; i < 4; i++) {
            across(t[3 * i], t[3 * i + 1], t[3 * i + 2], u[4 * i], u[4 * i + 1], u[4 * i + 2], u[4 * i + 3], channels);
        }
    }

    private static void down(float[] g0, float[] g1, float[] g2, double[] t0, double[] t1, double[] t2, double[] t3, int channels) {
        for (int c = 0; c < channels; c++) {
            double ends = (double) g0[c] + g2[c];
            t0[c] = g0[c];
            t1[c] = 0.5 * (ends + g1[c]);
            t2[c] = 0.5 * (ends - g1[c]);
            t3[c] = g2[c];
        }
    }

    private static void across(double[] t0, double[] t1, double[] t2, float[] u0, float[] u1, float[] u2, float[] u3, int channels) {
        for (int c = 0; c < channels; c++) {
            double ends = t0[c] + t2[c];
            u0[c] = (float) t0[c];
            u1[c] = (float) (0.5 * (ends + t1[c]));
            u2[c] = (float) (0.5 * (ends - t1[c]));
            u3[c] = (float) t2[c];
        }
    }
}
