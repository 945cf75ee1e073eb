package io.heddle.testkit.reference;

import io.heddle.spi.Buffer;
import io.heddle.spi.Convolution;
import io.heddle.spi.ConvolutionShape;
import org.jspecify.annotations.Nullable;

/** Convolution is a sum of products {@code x·w} into {@code y}; its gradients sum the same triples into {@code x} and {@code w}. */
final class ReferenceConvolution implements Convolution {
    @Override
    public void forward(Buffer x, Buffer weight, long version, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y) {
        Doubles in = Doubles.in(x, inputGrid(shape).size());
        Doubles w = Doubles.in(weight, weightGrid(shape).size());
        Doubles out = Doubles.out(y, outputGrid(shape).size(), in, w);
        for (long i = 0; i < out.length(); i++) {
            out.set(i, bias == null ? 0 : Doubles.in(bias, shape.out()).get(i % shape.out()));
        }
        forEachProduct(shape, (xAt, wAt, yAt) -> out.add(yAt, in.get(xAt) * w.get(wAt)));
        if (residual != null) {
            Doubles added = Doubles.in(residual, out.length());
            for (long i = 0; i < out.length(); i++) {
                out.add(i, added.get(i));
            }
        }
    }

    @Override
    public void inputGradient(Buffer dy, Buffer weight, long version, ConvolutionShape shape, Buffer dx) {
        Doubles gradient = Doubles.in(dy, outputGrid(shape).size());
        Doubles w = Doubles.in(weight, weightGrid(shape).size());
        Doubles out = Doubles.out(dx, inputGrid(shape).size(), gradient, w);
        out.fill(0);
        forEachProduct(shape, (xAt, wAt, yAt) -> out.add(xAt, gradient.get(yAt) * w.get(wAt)));
    }

    @Override
    public void weightGradient(Buffer x, Buffer dy, ConvolutionShape shape, Buffer dWeight, @Nullable Buffer dBias) {
        Doubles in = Doubles.in(x, inputGrid(shape).size());
        Doubles gradient = Doubles.in(dy, outputGrid(shape).size());
        Doubles out = Doubles.out(dWeight, weightGrid(shape).size(), in, gradient);
        out.fill(0);
        forEachProduct(shape, (xAt, wAt, yAt) -> out.add(wAt, gradient.get(yAt) * in.get(xAt)));
        if (dBias != null) {
            Doubles db = Doubles.out(dBias, shape.out(), in, gradient);
            db.fill(0);
            for (long i = 0; i < gradient.length(); i++) {
                db.add(i % shape.out(), gradient.get(i));
            }
        }
    }

    private static void forEachProduct(ConvolutionShape shape, ProductVisitor visitor) {
        Grid input = inputGrid(shape);
        Grid weight = weightGrid(shape);
        Grid output = outputGrid(shape);
        for (long yAt = 0; yAt < output.size(); yAt++) {
            int[] at = output.coordinates(yAt);
            for (int u = 0; u < shape.kernel().height(); u++) {
                for (int v = 0; v < shape.kernel().width(); v++) {
                    int i = at[1] * shape.stride() + u - shape.padding().top();
                    int j = at[2] * shape.stride() + v - shape.padding().left();
                    boolean inside = 0 <= i && i < shape.input().height() && 0 <= j && j < shape.input().width();
                    for (int c = 0; inside && c < shape.in(); c++) {
                        visitor.visit(element(input, at[0], i, j, c), element(weight, at[3], u, v, c), yAt);
                    }
                }
            }
        }
    }

    /** {@link Grid#offset} without the array that its variable arguments cost, and without broadcasting. */
    private static long element(Grid grid, int a, int b, int c, int d) {
        int[] dims = grid.dims();
        return (((long) a * dims[1] + b) * dims[2] + c) * dims[3] + d;
    }

    private static Grid inputGrid(ConvolutionShape shape) {
        return new Grid(shape.rows(), shape.input().height(), shape.input().width(), shape.in());
    }

    private static Grid weightGrid(ConvolutionShape shape) {
        return new Grid(shape.out(), shape.kernel().height(), shape.kernel().width(), shape.in());
    }

    private static Grid outputGrid(ConvolutionShape shape) {
        return new Grid(shape.rows(), shape.output().height(), shape.output().width(), shape.out());
    }

    private interface ProductVisitor {
        void visit(long xAt, long wAt, long yAt);
    }
}
