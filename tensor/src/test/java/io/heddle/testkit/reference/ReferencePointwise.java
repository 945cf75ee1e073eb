package io.heddle.testkit.reference;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Buffer;
import io.heddle.spi.Pointwise;
import io.heddle.spi.UnaryOp;

final class ReferencePointwise implements Pointwise {
    @Override
    public void unary(UnaryOp op, Buffer x, Buffer out) {
        Doubles in = Doubles.in(x, out.length());
        Doubles result = Doubles.out(out, x.length(), in);
        for (long i = 0; i < in.length(); i++) {
            result.set(i, Functions.value(op, in.get(i)));
        }
    }

    @Override
    public void unaryGradient(UnaryOp op, Buffer x, Buffer dy, Buffer dx) {
        Doubles in = Doubles.in(x, dx.length());
        Doubles gradient = Doubles.in(dy, x.length());
        Doubles result = Doubles.out(dx, x.length(), in, gradient);
        for (long i = 0; i < in.length(); i++) {
            result.set(i, Functions.derivative(op, in.get(i)) * gradient.get(i));
        }
    }

    @Override
    public void binary(BinaryOp op, Buffer a, int[] aDims, Buffer b, int[] bDims, Buffer out, int[] outDims) {
        Grid aGrid = new Grid(aDims);
        Grid bGrid = new Grid(bDims);
        Grid outGrid = new Grid(outDims);
        Doubles left = Doubles.in(a, aGrid.size());
        Doubles right = Doubles.in(b, bGrid.size());
        Doubles result = Doubles.out(out, outGrid.size(), left, right);
        for (long i = 0; i < result.length(); i++) {
            int[] at = outGrid.coordinates(i);
            result.set(i, Functions.value(op, left.get(aGrid.offset(at)), right.get(bGrid.offset(at))));
        }
    }

    @Override
    public void affine(Buffer x, float scale, float shift, Buffer out) {
        Doubles in = Doubles.in(x, out.length());
        Doubles result = Doubles.out(out, x.length(), in);
        for (long i = 0; i < in.length(); i++) {
            result.set(i, scale * in.get(i) + shift);
        }
    }

    @Override
    public void clamp(Buffer x, float low, float high, Buffer out) {
        Doubles in = Doubles.in(x, out.length());
        Doubles result = Doubles.out(out, x.length(), in);
        for (long i = 0; i < in.length(); i++) {
            result.set(i, Math.min(Math.max(in.get(i), low), high));
        }
    }

    @Override
    public void clampGradient(Buffer x, float low, float high, Buffer dy, Buffer dx) {
        Doubles in = Doubles.in(x, dx.length());
        Doubles gradient = Doubles.in(dy, x.length());
        Doubles result = Doubles.out(dx, x.length(), in, gradient);
        for (long i = 0; i < in.length(); i++) {
            result.set(i, low <= in.get(i) && in.get(i) <= high ? gradient.get(i) : 0);
        }
    }

    @Override
    public void geglu(Buffer x, int width, Buffer out) {
        long n = out.length() / width;
        Doubles in = Doubles.in(x, n * 2 * width);
        Doubles result = Doubles.out(out, n * width, in);
        for (long i = 0; i < result.length(); i++) {
            long value = i / width * 2 * width + i % width;
            result.set(i, in.get(value) * Functions.value(UnaryOp.GELU, in.get(value + width)));
        }
    }

    @Override
    public void gegluGradient(Buffer x, int width, Buffer dy, Buffer dx) {
        long n = dy.length() / width;
        Doubles in = Doubles.in(x, n * 2 * width);
        Doubles gradient = Doubles.in(dy, n * width);
        Doubles result = Doubles.out(dx, n * 2 * width, in, gradient);
        for (long i = 0; i < gradient.length(); i++) {
            long value = i / width * 2 * width + i % width;
            long gate = value + width;
            result.set(value, gradient.get(i) * Functions.value(UnaryOp.GELU, in.get(gate)));
            result.set(gate, gradient.get(i) * in.get(value) * Functions.derivative(UnaryOp.GELU, in.get(gate)));
        }
    }
}
