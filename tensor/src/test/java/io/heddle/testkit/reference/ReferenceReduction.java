package io.heddle.testkit.reference;

import io.heddle.spi.Buffer;
import io.heddle.spi.Reduction;
import java.util.function.DoubleBinaryOperator;

final class ReferenceReduction implements Reduction {
    @Override
    public void sum(Buffer x, int[] dims, boolean[] reduced, Buffer out) {
        reduce(x, dims, reduced, 0, Double::sum, out);
    }

    @Override
    public void max(Buffer x, int[] dims, boolean[] reduced, Buffer out) {
        reduce(x, dims, reduced, Double.NEGATIVE_INFINITY, Math::max, out);
    }

    private static void reduce(Buffer x, int[] dims, boolean[] reduced, double start, DoubleBinaryOperator combine, Buffer out) {
        int[] kept = dims.clone();
        for (int axis = 0; axis < dims.length; axis++) {
            kept[axis] = reduced[axis] ? 1 : dims[axis];
        }
        Grid from = new Grid(dims);
        Grid to = new Grid(kept);
        Doubles in = Doubles.in(x, from.size());
        Doubles result = Doubles.out(out, to.size(), in);
        result.fill(start);
        for (long i = 0; i < in.length(); i++) {
            long target = to.offset(from.coordinates(i));
            result.set(target, combine.applyAsDouble(result.get(target), in.get(i)));
        }
    }

    @Override
    public void softmax(Buffer x, int width, Buffer out) {
        Doubles in = Doubles.in(x, out.length());
        Doubles result = Doubles.out(out, x.length(), in);
        for (long run = 0; run < in.length(); run += width) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < width; i++) {
                max = Math.max(max, in.get(run + i));
            }
            double sum = 0;
            for (int i = 0; i < width; i++) {
                result.set(run + i, Math.exp(in.get(run + i) - max));
                sum += result.get(run + i);
            }
            for (int i = 0; i < width; i++) {
                result.set(run + i, result.get(run + i) / sum);
            }
        }
    }

    @Override
    public void softmaxGradient(Buffer y, int width, Buffer dy, Buffer dx) {
        Doubles softmax = Doubles.in(y, dx.length());
        Doubles gradient = Doubles.in(dy, y.length());
        Doubles result = Doubles.out(dx, y.length(), softmax, gradient);
        for (long run = 0; run < result.length(); run += width) {
            double mean = 0;
            for (int i = 0; i < width; i++) {
                mean += softmax.get(run + i) * gradient.get(run + i);
            }
            for (int i = 0; i < width; i++) {
                result.set(run + i, softmax.get(run + i) * (gradient.get(run + i) - mean));
            }
        }
    }
}
