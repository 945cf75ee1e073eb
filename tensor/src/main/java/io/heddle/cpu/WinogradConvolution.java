package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import org.jspecify.annotations.Nullable;

/**
 * 3x3 convolution of stride 1 by Winograd's F(2x2, 3x3): pictures are cut into tiles of 2 x 2 outputs, and 16 products replace 36. A task transforms a
 * block of tiles, multiplies it with some of the transformed weight's outputs, and transforms the products back.
 */
final class WinogradConvolution {
    private static final int POINTS = WinogradTransform.POINTS;
    private static final Extent KERNEL = new Extent(3, 3);

    /** Tiles of a block: the rows of the products. */
    private static final int BLOCK = 128;

    private final Workers workers;
    private final Gemm gemm;
    private final WeightLayouts forwardWeights = new WeightLayouts();
    private final WeightLayouts turnedWeights = new WeightLayouts();
    private final Scratch transformed = new Scratch();
    private final Scratch products = new Scratch();
    private final ThreadLocal<float[][]> runs = ThreadLocal.withInitial(() -> new float[POINTS][0]);

    /** Products by {@code gemm} on {@code workers}. */
    WinogradConvolution(Workers workers, Gemm gemm) {
        this.workers = workers;
        this.gemm = gemm;
    }

    /** Whether a convolution can be computed this way. */
    static boolean applies(ConvolutionShape shape) {
        return shape.kernel().equals(KERNEL) && shape.stride() == 1;
    }

    /** As {@link io.heddle.spi.Convolution#forward}. */
    void forward(Buffer x, Buffer weight, long version, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y) {
        HeapBuffer w = HeapBuffer.of(weight, (long) shape.out() * KERNEL.cells() * shape.in());
        float[] u = forwardWeights.get(w, version, () -> transform(w, shape, false));
        apply(x, u, Addends.of(bias, residual, HeapBuffer.of(y), shape.out()), shape, y);
    }

    /** As {@link io.heddle.spi.Convolution#inputGradient}: the convolution with the kernel turned by half a turn, inputs and outputs exchanged. */
    void inputGradient(Buffer dy, Buffer weight, long version, ConvolutionShape shape, Buffer dx) {
        HeapBuffer w = HeapBuffer.of(weight, (long) shape.out() * KERNEL.cells() * shape.in());
        float[] u = turnedWeights.get(w, version, () -> transform(w, shape, true));
        Padding p = shape.padding();
        Padding turned = new Padding(2 - p.top(), 2 - p.left(), 2 - p.bottom(), 2 - p.right());
        apply(dy, u, Addends.NONE, new ConvolutionShape(shape.rows(), shape.output(), shape.out(), shape.in(), KERNEL, 1, turned), dx);
    }

    private void apply(Buffer x, float[] u, Addends addends, ConvolutionShape shape, Buffer y) {
        int cells = shape.output().cells();
        int picture = shape.input().cells() * shape.in();
        HeapBuffer xs = HeapBuffer.of(x, (long) shape.rows() * picture);
        Matrix ys = Matrix.of(y, (long) shape.rows() * cells, shape.out());
        WinogradTiles tiles = WinogradTiles.of(shape);
        Tiles tasks = Tiles.of(Chunks.ofAtMost(BLOCK, tiles.grid().cells()), shape.out());
        workers.run(shape.rows() * tasks.count(), task -> {
            int row = task / tasks.count();
            int index = task % tasks.count();
            int first = tasks.rows().from(tasks.rowBlock(index));
            int count = tasks.rows().length(tasks.rowBlock(index));
            int out = tasks.columns().from(tasks.columnBlock(index));
            Matrix result = tasks.columnsOf(ys.rows(row * cells, cells), index);
            float[] v = transformed.array(POINTS * count * shape.in());
            float[] m = products.array(POINTS * count * result.columns());
            transformInputs(xs.array(), xs.offset() + row * picture, tiles, first, count, v);
            for (int p = 0; p < POINTS; p++) {
                Matrix inputs = Matrix.of(v, p * count * shape.in(), count, shape.in());
                Matrix weights = Matrix.of(u, (p * shape.out() + out) * shape.in(), result.columns(), shape.in());
                gemm.multiply(1, inputs, weights.transpose(), 0, Matrix.of(m, p * count * result.columns(), count, result.columns()));
            }
            transformOutputs(m, tiles, first, count, result, addends);
        });
    }

    /** Writes {@code v [16, count, in]}. */
    private void transformInputs(float[] x, int picture, WinogradTiles tiles, int first, int count, float[] v) {
        int in = tiles.shape().in();
        float[][] d = runs(in);
        for (int n = 0; n < count; n++) {
            tiles.read(x, picture, first + n, d);
            WinogradTransform.input(d, in);
            for (int p = 0; p < POINTS; p++) {
                System.arraycopy(d[p], 0, v, (p * count + n) * in, in);
            }
        }
    }

    /** Reads {@code m [16, count, out]}. */
    private void transformOutputs(float[] m, WinogradTiles tiles, int first, int count, Matrix result, Addends addends) {
        int out = result.columns();
        float[][] d = runs(out);
        for (int n = 0; n < count; n++) {
            for (int p = 0; p < POINTS; p++) {
                System.arraycopy(m, (p * count + n) * out, d[p], 0, out);
            }
            WinogradTransform.output(d, out);
            tiles.write(d, first + n, result, addends);
        }
    }

    /** The weight as {@code [16, out, in]}, or of the turned kernel {@code [16, in, out]}. */
    private float[] transform(HeapBuffer w, ConvolutionShape shape, boolean turned) {
        int in = turned ? shape.out() : shape.in();
        int out = turned ? shape.in() : shape.out();
        float[] u = new float[Math.multiplyExact(POINTS * in, out)];
        Chunks outputs = new Chunks(out, 16);
        workers.run(outputs.count(), task -> {
            float[][] g = new float[KERNEL.cells()][in];
            double[][] t = new double[12][in];
            float[][] d = runs(in);
            for (int o = outputs.from(task); o < outputs.from(task) + outputs.length(task); o++) {
                for (int p = 0; p < KERNEL.cells(); p++) {
                    if (turned) {
                        for (int c = 0; c < in; c++) {
                            g[p][c] = w.array()[w.offset() + (c * 9 + 8 - p) * out + o];
                        }
                    } else {
                        System.arraycopy(w.array(), w.offset() + (o * 9 + p) * in, g[p], 0, in);
                    }
                }
                WinogradTransform.weight(g, t, d, in);
                for (int p = 0; p < POINTS; p++) {
                    System.arraycopy(d[p], 0, u, (p * out + o) * in, in);
                }
            }
        });
        return u;
    }

    private float[][] runs(int channels) {
        float[][] arrays = runs.get();
        if (arrays[0].length < channels) {
            arrays = new float[POINTS][channels];
            runs.set(arrays);
        }
        return arrays;
    }
}
