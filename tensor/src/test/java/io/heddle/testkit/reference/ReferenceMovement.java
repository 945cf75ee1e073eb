package io.heddle.testkit.reference;

import io.heddle.spi.Buffer;
import io.heddle.spi.Extent;
import io.heddle.spi.Movement;

final class ReferenceMovement implements Movement {
    @Override
    public void permute(Buffer x, int[] dims, int[] axes, Buffer out) {
        int[] outDims = new int[dims.length];
        for (int axis = 0; axis < dims.length; axis++) {
            outDims[axis] = dims[axes[axis]];
        }
        Grid from = new Grid(dims);
        Grid to = new Grid(outDims);
        Doubles in = Doubles.in(x, from.size());
        Doubles result = Doubles.out(out, to.size(), in);
        for (long i = 0; i < result.length(); i++) {
            int[] outAt = to.coordinates(i);
            int[] inAt = new int[dims.length];
            for (int axis = 0; axis < dims.length; axis++) {
                inAt[axes[axis]] = outAt[axis];
            }
            result.set(i, in.get(from.offset(inAt)));
        }
    }

    @Override
    public void copyAlongAxis(Buffer x, AxisRange from, Buffer out, AxisRange to, long outer, int count, long inner) {
        Doubles in = Doubles.in(x, outer * from.size() * inner);
        Doubles result = Doubles.in(out, outer * to.size() * inner);
        for (long o = 0; o < outer; o++) {
            for (int j = 0; j < count; j++) {
                for (long i = 0; i < inner; i++) {
                    double value = in.get((o * from.size() + from.start() + j) * inner + i);
                    result.set((o * to.size() + to.start() + j) * inner + i, value);
                }
            }
        }
    }

    @Override
    public void gatherRows(Buffer x, int width, int[] index, Buffer out) {
        Doubles in = Doubles.in(x, x.length());
        Doubles result = Doubles.out(out, (long) index.length * width, in);
        for (int n = 0; n < index.length; n++) {
            for (int i = 0; i < width; i++) {
                result.set((long) n * width + i, in.get((long) index[n] * width + i));
            }
        }
    }

    @Override
    public void scatterAddRowsInPlace(Buffer x, int width, int[] index, Buffer out) {
        Doubles in = Doubles.in(x, (long) index.length * width);
        Doubles sum = Doubles.in(out, out.length());
        for (int n = 0; n < index.length; n++) {
            for (int i = 0; i < width; i++) {
                sum.add((long) index[n] * width + i, in.get((long) n * width + i));
            }
        }
    }

    @Override
    public void resizeNearest(Buffer x, int rows, Extent from, Extent to, int channels, Buffer out) {
        Doubles in = Doubles.in(x, (long) rows * from.cells() * channels);
        Doubles result = Doubles.out(out, (long) rows * to.cells() * channels, in);
        forEachPair(rows, from, to, channels, (source, target) -> result.set(target, in.get(source)));
    }

    @Override
    public void resizeNearestGradient(Buffer dy, int rows, Extent from, Extent to, int channels, Buffer dx) {
        Doubles gradient = Doubles.in(dy, (long) rows * to.cells() * channels);
        Doubles result = Doubles.out(dx, (long) rows * from.cells() * channels, gradient);
        result.fill(0);
        forEachPair(rows, from, to, channels, (source, target) -> result.add(source, gradient.get(target)));
    }

    /** Visits every element of the resized picture with the element that it takes. */
    private static void forEachPair(int rows, Extent from, Extent to, int channels, PairVisitor visitor) {
        Grid source = new Grid(rows, from.height(), from.width(), channels);
        Grid target = new Grid(rows, to.height(), to.width(), channels);
        for (long i = 0; i < target.size(); i++) {
            int[] at = target.coordinates(i);
            int y = (int) ((long) at[1] * from.height() / to.height());
            int x = (int) ((long) at[2] * from.width() / to.width());
            visitor.visit(source.offset(at[0], y, x, at[3]), i);
        }
    }

    private interface PairVisitor {
        void visit(long source, long target);
    }
}
