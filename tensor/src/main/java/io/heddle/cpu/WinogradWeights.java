package io.heddle.cpu;

import io.heddle.spi.ConvolutionShape;

/** Kernels transformed for Winograd's F(2x2, 3x3), {@code G g Gᵀ}, kept as long as a weight keeps its version and the heap has room. */
final class WinogradWeights {
    private static final int POINTS = WinogradTransform.POINTS;
    private static final int CELLS = 9;

    private final Workers workers;
    private final PanelGemm gemm;
    private final boolean turned;
    private final WeightLayouts layouts = new WeightLayouts();

    /** Weights in the panels of {@code gemm}; if {@code turned}, of kernels turned by half a turn with inputs and outputs exchanged. */
    WinogradWeights(Workers workers, PanelGemm gemm, boolean turned) {
        this.workers = workers;
        this.gemm = gemm;
        this.turned = turned;
    }

    /**
     * The transformed kernels: point p has rows {@code p·in … p·in + in − 1}.
     *
     * @param weight {@code [shape.out, 3, 3, shape.in]}
     * @return {@code [16·in, out]}
     */
    Panels get(HeapBuffer weight, long version, ConvolutionShape shape) {
        int in = turned ? shape.out() : shape.in();
        int out = turned ? shape.in() : shape.out();
        int width = gemm.width(out);
        float[] layout = layouts.get(weight, version, () -> {
            Panels panels = new Panels(new float[Panels.elements(POINTS * in, out, width)], POINTS * in, width);
            Chunks columns = new Chunks(out, width);
            workers.run(columns.count(), n -> transform(weight, in, out, columns.from(n), panels.panel(n).columns(0, columns.length(n))));
            return panels.array();
        });
        return new Panels(layout, POINTS * in, width);
    }

    private void transform(HeapBuffer weight, int in, int out, int first, Matrix panel) {
        float[][] g = new float[CELLS][in];
        double[][] t = new double[12][in];
        float[][] u = new float[POINTS][in];
        for (int o = first; o < first + panel.columns(); o++) {
            for (int p = 0; p < CELLS; p++) {
                if (turned) {
                    for (int c = 0; c < in; c++) {
                        g[p][c] = weight.array()[weight.offset() + (c * CELLS + CELLS - 1 - p) * out + o];
                    }
                } else {
                    System.arraycopy(weight.array(), weight.offset() + (o * CELLS + p) * in, g[p], 0, in);
                }
            }
            transform(g, t, u, in);
            for (int p = 0; p < POINTS; p++) {
                int to = panel.offset() + p * in * panel.stride() + o - first;
                for (int c = 0; c < in; c++) {
                    panel.array()[to + c * panel.stride()] = u[p][c];
                }
            }
        }
    }

    /** In double precision; {@code t} is working space. */
    private static void transform(float[][] g, double[][] t, float[][] u, int channels) {
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
