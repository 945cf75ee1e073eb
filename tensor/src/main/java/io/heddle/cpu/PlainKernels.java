package io.heddle.cpu;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Optimisation.AdamFactors;
import io.heddle.spi.Optimisation.AdamStep;
import io.heddle.spi.UnaryOp;

/** The kernels in plain Java. */
final class PlainKernels implements Kernels {
    @Override
    public String name() {
        return "plain Java";
    }

    @Override
    public void unary(UnaryOp op, float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i++) {
            y[yFrom + i] = apply(op, x[xFrom + i]);
        }
    }

    private static float apply(UnaryOp op, float x) {
        return switch (op) {
            case NEGATE -> -x;
            case ABS -> Math.abs(x);
            case EXP -> ScalarMath.exp(x);
            case LOG -> (float) Math.log(x);
            case SQRT -> (float) Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case SIGMOID -> ScalarMath.sigmoid(x);
            case TANH -> ScalarMath.tanh(x);
            case SILU -> ScalarMath.silu(x);
            case GELU -> ScalarMath.gelu(x);
            case QUICK_GELU -> ScalarMath.quickGelu(x);
        };
    }

    @Override
    public void derivative(UnaryOp op, float[] x, int xFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i++) {
            y[yFrom + i] = derivative(op, x[xFrom + i]);
        }
    }

    private static float derivative(UnaryOp op, float x) {
        return switch (op) {
            case NEGATE -> -1;
            case ABS -> Math.signum(x);
            case EXP -> ScalarMath.exp(x);
            case LOG -> 1 / x;
            case SQRT -> 0.5f / (float) Math.sqrt(x);
            case SQUARE -> 2 * x;
            case RECIPROCAL -> -1 / (x * x);
            case SIGMOID -> ScalarMath.sigmoidDerivative(x);
            case TANH -> ScalarMath.tanhDerivative(x);
            case SILU -> ScalarMath.siluDerivative(x);
            case GELU -> ScalarMath.geluDerivative(x);
            case QUICK_GELU -> ScalarMath.quickGeluDerivative(x);
        };
    }

    @Override
    public void binary(BinaryOp op, float[] a, int aFrom, float[] b, int bFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i++) {
            y[yFrom + i] = apply(op, a[aFrom + i], b[bFrom + i]);
        }
    }

    private static float apply(BinaryOp op, float a, float b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MINIMUM -> Math.min(a, b);
            case MAXIMUM -> Math.max(a, b);
            case GREATER -> a > b ? 1 : 0;
        };
    }

    @Override
    public void affine(float[] x, int xFrom, float scale, float shift, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i++) {
            y[yFrom + i] = scale * x[xFrom + i] + shift;
        }
    }

    @Override
    public void maxima(Matrix x, float[] maxima) {
        for (int row = 0; row < x.rows(); row++) {
            int from = x.offset() + row * x.stride();
            for (int i = 0; i < x.columns(); i++) {
                maxima[row] = Math.max(maxima[row], x.array()[from + i]);
            }
        }
    }

    @Override
    public double sum(float[] x, int xFrom, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[xFrom + i];
        }
        return sum;
    }

    @Override
    public double dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) a[aFrom + i] * b[bFrom + i];
        }
        return sum;
    }

    @Override
    public void exponentials(Matrix x, float[] maxima, Matrix y, double[] sums) {
        for (int row = 0; row < x.rows(); row++) {
            int from = x.offset() + row * x.stride();
            int to = y.offset() + row * y.stride();
            for (int i = 0; i < x.columns(); i++) {
                float e = ScalarMath.decay(x.array()[from + i] - maxima[row]);
                y.array()[to + i] = e;
                sums[row] += e;
            }
        }
    }

    @Override
    public void columnMaxima(Matrix x, float[] maxima, int from) {
        for (int row = 0; row < x.rows(); row++) {
            int at = x.offset() + row * x.stride();
            for (int i = 0; i < x.columns(); i++) {
                maxima[from + i] = Math.max(maxima[from + i], x.array()[at + i]);
            }
        }
    }

    @Override
    public void columnExponentials(Matrix x, float[] maxima, double[] sums, int from) {
        for (int row = 0; row < x.rows(); row++) {
            int at = x.offset() + row * x.stride();
            for (int i = 0; i < x.columns(); i++) {
                float e = ScalarMath.decay(x.array()[at + i] - maxima[from + i]);
                x.array()[at + i] = e;
                sums[from + i] += e;
            }
        }
    }

    @Override
    public void scaleColumnsAndAdd(Matrix y, float[] factors, Matrix x) {
        for (int row = 0; row < y.rows(); row++) {
            int from = x.offset() + row * x.stride();
            int to = y.offset() + row * y.stride();
            for (int i = 0; i < y.columns(); i++) {
                y.array()[to + i] = Math.fma(y.array()[to + i], factors[i], x.array()[from + i]);
            }
        }
    }

    @Override
    public void softmaxGradient(float[] y, int yFrom, float[] dy, int dyFrom, float d, float[] dx, int dxFrom, int n) {
        for (int i = 0; i < n; i++) {
            dx[dxFrom + i] = y[yFrom + i] * (dy[dyFrom + i] - d);
        }
    }

    @Override
    public void standardize(float[] x, int xFrom, double mean, float scale, float[] y, int yFrom, int n) {
        float high = (float) mean;
        float low = (float) ((high - mean) * scale);
        for (int i = 0; i < n; i++) {
            y[yFrom + i] = Math.fma(x[xFrom + i] - high, scale, low);
        }
    }

    @Override
    public void standardizeEach(float[] x, int xFrom, float[] mean, float[] scale, float[] shift, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i++) {
            y[yFrom + i] = Math.fma(x[xFrom + i] - mean[i], scale[i], shift[i]);
        }
    }

    @Override
    public void accumulate(float[] a, int aFrom, float[] b, int bFrom, double[] sums, double[] products, int n) {
        for (int i = 0; i < n; i++) {
            double element = a[aFrom + i];
            sums[i] += element;
            products[i] += element * b[bFrom + i];
        }
    }

    @Override
    public void adam(AdamStep step, float[] parameter, int pFrom, float[] gradient, int gFrom, float[] first, int fFrom, float[] second, int sFrom,
            int n) {
        AdamFactors factors = step.factors();
        for (int i = 0; i < n; i++) {
            float g = gradient[gFrom + i];
            float p = parameter[pFrom + i] * factors.decay();
            float m = Math.fma(factors.firstWeight(), g - first[fFrom + i], first[fFrom + i]);
            float v = Math.fma(factors.secondWeight() * g, g, second[sFrom + i] * factors.secondDecay());
            float denominator = (float) Math.sqrt(v) / factors.rootOfCorrection() + factors.epsilon();
            first[fFrom + i] = m;
            second[sFrom + i] = v;
            parameter[pFrom + i] = p + factors.negativeStepSize() * m / denominator;
        }
    }
}
