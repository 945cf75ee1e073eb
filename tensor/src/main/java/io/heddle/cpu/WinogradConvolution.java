package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import org.jspecify.annotations.Nullable;

/**
 * 3x3 convolution of stride 1 by Winograd's F(2x2, 3x3): pictures are cut into tiles of 2 x 2 outputs, and 16 products replace 36. A task transforms a
 * block of tiles, multiplies it with some of the transformed weight's panels, and transforms the products back.
 */
final class WinogradConvolution {
    private static final int POINTS = WinogradTransform.POINTS;
    private static final Extent KERNEL = new Extent(3, 3);

    /** Tiles of a block: the rows of the products. */
    private static final int BLOCK = 64;

    private final Workers workers;
    private final PanelGemm gemm;
    private final WeightLayouts forwardWeights = new WeightLayouts();
    private final WeightLayouts turnedWeights = new WeightLayouts();
    private final Scratch transformed = new Scratch();
    private final Scratch products = new Scratch();
    private final ThreadLocal<float[][]> runs = ThreadLocal.withInitial(() -> new float[POINTS][0]);

    /** Products by {@code gemm} on {@code workers}. */
    WinogradConvolution(Workers workers, PanelGemm gemm) {
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
        Matrix xs = Matrix.of(x, (long) shape.rows() * shape.input().cells(), shape.in());
        Matrix ys = Matrix.of(y, (long) shape.rows() * cells, shape.out());
        WinogradTiles tiles = WinogradTiles.of(shape);
        Chunks blocks = Chunks.ofAtMost(BLOCK, tiles.grid().cells());
        int width = gemm.width(shape.out());
        int panels = Math.ceilDiv(shape.out(), width);
        Chunks parts = new Chunks(panels, Math.ceilDiv(panels, Math.ceilDiv(Tiles.FEWEST, blocks.count())));
        workers.run(shape.rows() * blocks.count() * parts.count(), task -> {
            int part = task % parts.count();
            int block = task / parts.count() % blocks.count();
            int row = task / parts.count() / blocks.count();
            int first = parts.from(part) * width;
            Matrix picture = ys.rows(row * cells, cells).columns(first, Math.min(parts.length(part) * width, shape.out() - first));
            Matrix v = transformInputs(xs, row, tiles, blocks.from(block), blocks.length(block));
            Matrix m = multiply(v, u, parts.from(part), parts.length(part), width);
            transformOutputs(m, tiles, blocks.from(block), blocks.length(block), picture, addends);
        });
    }

    /** The transformed patches of {@code count} tiles, {@code [16·height, in]}, {@code height} being {@code count} rounded up as the product wants. */
    private Matrix transformInputs(Matrix xs, int row, WinogradTiles tiles, int first, int count) {
        int in = tiles.shape().in();
        int height = Math.ceilDiv(count, gemm.height()) * gemm.height();
        int picture = xs.offset() + row * tiles.shape().input().cells() * in;
        float[] v = transformed.array(POINTS * height * in);
        float[][] d = runs(in);
        for (int n = 0; n < count; n++) {
            tiles.read(xs.array(), picture, first + n, d);
            WinogradTransform.input(d, in);
            for (int p = 0; p < POINTS; p++) {
                System.arraycopy(d[p], 0, v, (p * height + n) * in, in);
            }
        }
        return Matrix.of(v, 0, POINTS * height, in);
    }

    /** The products {@code [16·height, count·width]} with some panels of the weight. */
    private Matrix multiply(Matrix v, float[] u, int firstPanel, int count, int width) {
        int height = v.rows() / POINTS;
        int in = v.columns();
        Matrix m = Matrix.of(products.array(v.rows() * count * width), 0, v.rows(), count * width);
        for (int p = 0; p < POINTS; p++) {
            for (int n = 0; n < count; n++) {
                Matrix panel = Matrix.of(u, ((firstPanel + n) * POINTS + p) * in * width, in, width);
                gemm.multiply(v.rows(p * height, height), panel, m.rows(p * height, height).columns(n * width, width));
            }
        }
        return m;
    }

    private void transformOutputs(Matrix m, WinogradTiles tiles, int first, int count, Matrix picture, Addends addends) {
        int height = m.rows() / POINTS;
        int out = picture.columns();
        float[][] d = runs(out);
        for (int n = 0; n < count; n++) {
            for (int p = 0; p < POINTS; p++) {
                System.arraycopy(m.array(), (p * height + n) * m.stride(), d[p], 0, out);
            }
            WinogradTransform.output(d, out);
            tiles.write(d, first + n, picture, addends);
        }
    }

    /** The weight as {@code [panels, 16, in, width]}, or of the turned kernel with inputs and outputs exchanged. */
    private float[] transform(HeapBuffer w, ConvolutionShape shape, boolean turned) {
        int in = turned ? shape.out() : shape.in();
        int out = turned ? shape.in() : shape.out();
        int width = gemm.width(out);
        Chunks panels = new Chunks(out, width);
        float[] u = new float[Math.multiplyExact(POINTS * in, panels.count() * width)];
        workers.run(panels.count(), task -> {
            float[][] g = new float[KERNEL.cells()][in];
            double[][] t = new double[12][in];
            float[][] d = runs(in);
            for (int n = 0; n < panels.length(task); n++) {
                int o = panels.from(task) + n;
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
                    int to = (task * POINTS + p) * in * width + n;
                    for (int c = 0; c < in; c++) {
                        u[to + c * width] = d[p][c];
                    }
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
