package io.heddle.cpu;

import static io.heddle.cpu.LaneMath.FLOATS;
import static jdk.incubator.vector.VectorOperators.F2D;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Optimisation.AdamFactors;
import io.heddle.spi.Optimisation.AdamStep;
import io.heddle.spi.UnaryOp;
import java.util.Optional;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with the Vector API, on the widest vectors of this processor; functions that no model spends time on stay plain. Sums are folded lane by
 * lane: the order of the API's own reduction is unspecified and differs between interpreted and compiled code.
 */
final class VectorKernels implements Kernels {
    private static final int LANES = FLOATS.length();
    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, FLOATS.vectorShape());
    private static final int DOUBLE_LANES = DOUBLES.length();
    /** As many floats as {@link #DOUBLES} holds doubles. */
    private static final VectorSpecies<Float> HALF = VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    private final PlainKernels plain = new PlainKernels();

    @Override
    public String name() {
        return "Vector API with " + FLOATS.vectorBitSize() + " bits";
    }

    @Override
    public void unary(UnaryOp op, float[] x, int xFrom, float[] y, int yFrom, int n) {
        Optional<VectorLoops.Loop> loop = VectorLoops.of(op);
        if (loop.isPresent()) {
            loop.get().runWithTail(x, xFrom, y, yFrom, n);
        } else {
            plain.unary(op, x, xFrom, y, yFrom, n);
        }
    }

    @Override
    public void derivative(UnaryOp op, float[] x, int xFrom, float[] y, int yFrom, int n) {
        Optional<VectorLoops.Loop> loop = VectorLoops.ofDerivative(op);
        if (loop.isPresent()) {
            loop.get().runWithTail(x, xFrom, y, yFrom, n);
        } else {
            plain.derivative(op, x, xFrom, y, yFrom, n);
        }
    }

    @Override
    public void binary(BinaryOp op, float[] a, int aFrom, float[] b, int bFrom, float[] y, int yFrom, int n) {
        int whole = FLOATS.loopBound(n);
        switch (op) {
            case ADD -> add(a, aFrom, b, bFrom, y, yFrom, whole);
            case SUBTRACT -> subtract(a, aFrom, b, bFrom, y, yFrom, whole);
            case MULTIPLY -> multiply(a, aFrom, b, bFrom, y, yFrom, whole);
            case DIVIDE, MINIMUM, MAXIMUM, GREATER -> whole = 0;
        }
        plain.binary(op, a, aFrom + whole, b, bFrom + whole, y, yFrom + whole, n - whole);
    }

    private static void add(float[] a, int aFrom, float[] b, int bFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            load(a, aFrom + i).add(load(b, bFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void subtract(float[] a, int aFrom, float[] b, int bFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            load(a, aFrom + i).sub(load(b, bFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static void multiply(float[] a, int aFrom, float[] b, int bFrom, float[] y, int yFrom, int n) {
        for (int i = 0; i < n; i += LANES) {
            load(a, aFrom + i).mul(load(b, bFrom + i)).intoArray(y, yFrom + i);
        }
    }

    private static FloatVector load(float[] x, int from) {
        return FloatVector.fromArray(FLOATS, x, from);
    }

    @Override
    public void affine(float[] x, int xFrom, float scale, float shift, float[] y, int yFrom, int n) {
        int whole = FLOATS.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            load(x, xFrom + i).mul(scale).add(shift).intoArray(y, yFrom + i);
        }
        plain.affine(x, xFrom + whole, scale, shift, y, yFrom + whole, n - whole);
    }

    @Override
    public void maxima(Matrix x, float[] maxima) {
        int columns = x.columns();
        for (int row = 0; row < x.rows(); row++) {
            int from = x.offset() + row * x.stride();
            FloatVector m0 = FloatVector.broadcast(FLOATS, maxima[row]);
            FloatVector m1 = m0;
            int i = 0;
            for (; i <= columns - 2 * LANES; i += 2 * LANES) {
                m0 = m0.max(load(x.array(), from + i));
                m1 = m1.max(load(x.array(), from + i + LANES));
            }
            float max = m0.max(m1).reduceLanes(VectorOperators.MAX);
            for (; i < columns; i++) {
                max = Math.max(max, x.array()[from + i]);
            }
            maxima[row] = max;
        }
    }

    @Override
    public double sum(float[] x, int xFrom, int n) {
        DoubleVector s0 = DoubleVector.zero(DOUBLES);
        DoubleVector s1 = s0;
        int i = 0;
        for (; i + 2 * DOUBLE_LANES <= n; i += 2 * DOUBLE_LANES) {
            s0 = s0.add(widen(x, xFrom + i));
            s1 = s1.add(widen(x, xFrom + i + DOUBLE_LANES));
        }
        return fold(s0.add(s1)) + plain.sum(x, xFrom + i, n - i);
    }

    @Override
    public double dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
        DoubleVector s0 = DoubleVector.zero(DOUBLES);
        DoubleVector s1 = s0;
        int i = 0;
        for (; i + 2 * DOUBLE_LANES <= n; i += 2 * DOUBLE_LANES) {
            s0 = widen(a, aFrom + i).fma(widen(b, bFrom + i), s0);
            s1 = widen(a, aFrom + i + DOUBLE_LANES).fma(widen(b, bFrom + i + DOUBLE_LANES), s1);
        }
        return fold(s0.add(s1)) + plain.dot(a, aFrom + i, b, bFrom + i, n - i);
    }

    private static DoubleVector widen(float[] x, int from) {
        return (DoubleVector) FloatVector.fromArray(HALF, x, from).convertShape(F2D, DOUBLES, 0);
    }

    private static double fold(DoubleVector lanes) {
        double sum = 0;
        for (double lane : lanes.toArray()) {
            sum += lane;
        }
        return sum;
    }

    @Override
    public void exponentials(Matrix x, float[] maxima, Matrix y, double[] sums) {
        int whole = FLOATS.loopBound(x.columns());
        VectorMask<Float> rest = FLOATS.indexInRange(whole, x.columns());
        float[] lanes = new float[LANES];
        for (int row = 0; row < x.rows(); row++) {
            int from = x.offset() + row * x.stride();
            int to = y.offset() + row * y.stride();
            FloatVector max = FloatVector.broadcast(FLOATS, maxima[row]);
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = 0; i < whole; i += LANES) {
                FloatVector e = LaneMath.decay(load(x.array(), from + i).sub(max));
                e.intoArray(y.array(), to + i);
                sum = sum.add(e);
            }
            if (whole < x.columns()) {
                FloatVector e = LaneMath.decay(FloatVector.fromArray(FLOATS, x.array(), from + whole, rest).sub(max));
                e.intoArray(y.array(), to + whole, rest);
                sum = sum.add(e, rest);
            }
            sum.intoArray(lanes, 0);
            for (float lane : lanes) {
                sums[row] += lane;
            }
        }
    }

    @Override
    public void columnMaxima(Matrix x, float[] maxima, int from) {
        int whole = FLOATS.loopBound(x.columns());
        for (int i = 0; i < whole; i += LANES) {
            FloatVector m0 = load(maxima, from + i);
            FloatVector m1 = m0;
            FloatVector m2 = m0;
            FloatVector m3 = m0;
            int at = x.offset() + i;
            int row = 0;
            for (; row <= x.rows() - 4; row += 4) {
                m0 = m0.max(load(x.array(), at));
                m1 = m1.max(load(x.array(), at + x.stride()));
                m2 = m2.max(load(x.array(), at + 2 * x.stride()));
                m3 = m3.max(load(x.array(), at + 3 * x.stride()));
                at += 4 * x.stride();
            }
            for (; row < x.rows(); row++) {
                m0 = m0.max(load(x.array(), at));
                at += x.stride();
            }
            m0.max(m1).max(m2.max(m3)).intoArray(maxima, from + i);
        }
        plain.columnMaxima(x.columns(whole, x.columns() - whole), maxima, from + whole);
    }

    @Override
    public void columnExponentials(Matrix x, float[] maxima, double[] sums, int from) {
        int whole = FLOATS.loopBound(x.columns());
        float[] lanes = new float[LANES];
        for (int i = 0; i < whole; i += LANES) {
            FloatVector max = load(maxima, from + i);
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int at = x.offset() + i; at < x.offset() + x.rows() * x.stride(); at += x.stride()) {
                FloatVector e = LaneMath.decay(load(x.array(), at).sub(max));
                e.intoArray(x.array(), at);
                sum = sum.add(e);
            }
            sum.intoArray(lanes, 0);
            for (int lane = 0; lane < LANES; lane++) {
                sums[from + i + lane] += lanes[lane];
            }
        }
        plain.columnExponentials(x.columns(whole, x.columns() - whole), maxima, sums, from + whole);
    }

    @Override
    public void scaleColumnsAndAdd(Matrix y, float[] factors, Matrix x) {
        int whole = FLOATS.loopBound(y.columns());
        for (int i = 0; i < whole; i += LANES) {
            FloatVector factor = load(factors, i);
            for (int row = 0; row < y.rows(); row++) {
                int to = y.offset() + row * y.stride() + i;
                load(y.array(), to).fma(factor, load(x.array(), x.offset() + row * x.stride() + i)).intoArray(y.array(), to);
            }
        }
        for (int i = whole; i < y.columns(); i++) {
            for (int row = 0; row < y.rows(); row++) {
                int to = y.offset() + row * y.stride() + i;
                y.array()[to] = Math.fma(y.array()[to], factors[i], x.array()[x.offset() + row * x.stride() + i]);
            }
        }
    }

    @Override
    public void softmaxGradient(float[] y, int yFrom, float[] dy, int dyFrom, float d, float[] dx, int dxFrom, int n) {
        int whole = FLOATS.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            load(y, yFrom + i).mul(load(dy, dyFrom + i).sub(d)).intoArray(dx, dxFrom + i);
        }
        plain.softmaxGradient(y, yFrom + whole, dy, dyFrom + whole, d, dx, dxFrom + whole, n - whole);
    }

    @Override
    public void standardize(float[] x, int xFrom, double mean, float scale, float[] y, int yFrom, int n) {
        int whole = FLOATS.loopBound(n);
        float high = (float) mean;
        FloatVector low = FloatVector.broadcast(FLOATS, (float) ((high - mean) * scale));
        FloatVector scales = FloatVector.broadcast(FLOATS, scale);
        for (int i = 0; i < whole; i += LANES) {
            load(x, xFrom + i).sub(high).fma(scales, low).intoArray(y, yFrom + i);
        }
        plain.standardize(x, xFrom + whole, mean, scale, y, yFrom + whole, n - whole);
    }

    @Override
    public void standardizeEach(float[] x, int xFrom, float[] mean, float[] scale, float[] shift, float[] y, int yFrom, int n) {
        int whole = FLOATS.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            load(x, xFrom + i).sub(load(mean, i)).fma(load(scale, i), load(shift, i)).intoArray(y, yFrom + i);
        }
        for (int i = whole; i < n; i++) {
            y[yFrom + i] = Math.fma(x[xFrom + i] - mean[i], scale[i], shift[i]);
        }
    }

    @Override
    public void accumulate(float[] a, int aFrom, float[] b, int bFrom, double[] sums, double[] products, int n) {
        int whole = DOUBLES.loopBound(n);
        for (int i = 0; i < whole; i += DOUBLE_LANES) {
            DoubleVector elements = widen(a, aFrom + i);
            DoubleVector.fromArray(DOUBLES, sums, i).add(elements).intoArray(sums, i);
            elements.fma(widen(b, bFrom + i), DoubleVector.fromArray(DOUBLES, products, i)).intoArray(products, i);
        }
        for (int i = whole; i < n; i++) {
            double element = a[aFrom + i];
            sums[i] += element;
            products[i] += element * b[bFrom + i];
        }
    }

    @Override
    public void adam(AdamStep step, float[] parameter, int pFrom, float[] gradient, int gFrom, float[] first, int fFrom, float[] second, int sFrom,
            int n) {
        AdamFactors factors = step.factors();
        FloatVector firstWeight = FloatVector.broadcast(FLOATS, factors.firstWeight());
        int whole = FLOATS.loopBound(n);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector g = load(gradient, gFrom + i);
            FloatVector p = load(parameter, pFrom + i).mul(factors.decay());
            FloatVector m = load(first, fFrom + i);
            m = g.sub(m).fma(firstWeight, m);
            FloatVector v = g.mul(factors.secondWeight()).fma(g, load(second, sFrom + i).mul(factors.secondDecay()));
            FloatVector denominator = v.sqrt().div(factors.rootOfCorrection()).add(factors.epsilon());
            m.intoArray(first, fFrom + i);
            v.intoArray(second, sFrom + i);
            p.add(m.mul(factors.negativeStepSize()).div(denominator)).intoArray(parameter, pFrom + i);
        }
        plain.adam(step, parameter, pFrom + whole, gradient, gFrom + whole, first, fFrom + whole, second, sFrom + whole, n - whole);
    }
}
