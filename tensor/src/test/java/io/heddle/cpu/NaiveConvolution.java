package io.heddle.cpu;

import io.heddle.spi.ConvolutionShape;
import org.jspecify.annotations.Nullable;

/** The definition of convolution and of its gradients, in double precision. */
final class NaiveConvolution {
    private final ConvolutionShape shape;

    NaiveConvolution(ConvolutionShape shape) {
        this.shape = shape;
    }

    double[] forward(float[] x, float[] w, float @Nullable [] bias, float @Nullable [] residual) {
        double[] y = new double[shape.rows() * shape.output().cells() * shape.out()];
        for (int i = 0; i < y.length; i++) {
            y[i] = (bias == null ? 0 : bias[i % shape.out()]) + (residual == null ? 0 : residual[i]);
        }
        forEach((n, k, m) -> y[m] += (double) x[n] * w[k]);
        return y;
    }

    double[] inputGradient(float[] dy, float[] w) {
        double[] dx = new double[shape.rows() * shape.input().cells() * shape.in()];
        forEach((n, k, m) -> dx[n] += (double) dy[m] * w[k]);
        return dx;
    }

    double[] weightGradient(float[] x, float[] dy) {
        double[] dw = new double[shape.out() * shape.kernel().cells() * shape.in()];
        forEach((n, k, m) -> dw[k] += (double) dy[m] * x[n]);
        return dw;
    }

    double[] biasGradient(float[] dy) {
        double[] db = new double[shape.out()];
        for (int i = 0; i < dy.length; i++) {
            db[i % shape.out()] += dy[i];
        }
        return db;
    }

    /** Calls {@code term} with the indices of input, weight and output of every product in the definition. */
    private void forEach(Term term) {
        int in = shape.in();
        for (int m = 0; m < shape.rows() * shape.output().cells() * shape.out(); m++) {
            int o = m % shape.out();
            int column = m / shape.out() % shape.output().width();
            int line = m / shape.out() / shape.output().width() % shape.output().height();
            int row = m / shape.out() / shape.output().cells();
            for (int u = 0; u < shape.kernel().height(); u++) {
                for (int v = 0; v < shape.kernel().width(); v++) {
                    int i = line * shape.stride() + u - shape.padding().top();
                    int j = column * shape.stride() + v - shape.padding().left();
                    if (i >= 0 && i < shape.input().height() && j >= 0 && j < shape.input().width()) {
                        for (int c = 0; c < in; c++) {
                            int n = ((row * shape.input().height() + i) * shape.input().width() + j) * in + c;
                            term.at(n, ((o * shape.kernel().height() + u) * shape.kernel().width() + v) * in + c, m);
                        }
                    }
                }
            }
        }
    }

    private interface Term {
        void at(int input, int weight, int output);
    }
}
