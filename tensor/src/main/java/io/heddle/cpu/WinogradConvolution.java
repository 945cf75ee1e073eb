package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.Extent;
import org.jspecify.annotations.Nullable;

/**
 * 3x3 convolution of stride 1 by Winograd's F(2x2, 3x3): pictures are cut into tiles of 2 x 2 outputs, and 16 products replace 36. A task transforms a
 * block of tiles, multiplies it with some panels of the transformed weight, and transforms the products back.
 */
final class WinogradConvolution {
    private static final int POINTS = WinogradTransform.POINTS;
    private static final Extent KERNEL = new Extent(3, 3);

    /**
     * GFLOP/s of one core that multiplies at 111, counting the definition's operations, this way and by gathered patches: 190 and 80 at 64x64x320, 210
     * and 77 at 32x32x640, 205 and 68 at 16x16x1280, 195 and 90 at 256x256x128. At 8x8x1280 it is 155 and 68, but such weights are the largest, and
     * 16/9 of them is too much to keep for a twentieth of a network's time. With few channels the transforms cost more than the products save: 31 and
     * 43 at 64x64x16.
     */
    private static final int FEWEST_TILES = 32;

    private static final int FEWEST_CHANNELS = 32;

    /** Tiles of a block: their transforms and products about fill a core's caches. */
    private static final int BLOCK = 66;

    private final Workers workers;
    private final PanelGemm gemm;
    private final WinogradTransform transform = WinogradTransform.chosen();
    private final WinogradWeights weights;
    private final WinogradWeights turnedWeights;
    private final WinogradInputs inputs = new WinogradInputs(transform);
    private final Scratch outputs = new Scratch();
    private final Scratch products = new Scratch();

    /** Products by {@code gemm} on {@code workers}. */
    WinogradConvolution(Workers workers, PanelGemm gemm) {
        this.workers = workers;
        this.gemm = gemm;
        this.weights = new WinogradWeights(workers, gemm, false);
        this.turnedWeights = new WinogradWeights(workers, gemm, true);
    }

    /** Whether a convolution can be computed this way and gains by it. */
    static boolean suits(ConvolutionShape shape) {
        return shape.kernel().equals(KERNEL)
                && shape.stride() == 1
                && Math.min(shape.in(), shape.out()) >= FEWEST_CHANNELS
                && WinogradTiles.of(shape).grid().cells() >= FEWEST_TILES;
    }

    /** As {@link io.heddle.spi.Convolution#forward}. */
    void forward(Buffer x, Buffer weight, long version, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y) {
        HeapBuffer w = HeapBuffer.of(weight, (long) shape.out() * KERNEL.cells() * shape.in());
        apply(x, weights.get(w, version, shape), Addends.of(bias, residual, HeapBuffer.of(y), shape.out()), shape, y);
    }

    /** As {@link io.heddle.spi.Convolution#inputGradient}: the convolution with the kernel turned by half a turn, inputs and outputs exchanged. */
    void inputGradient(Buffer dy, Buffer weight, long version, ConvolutionShape shape, Buffer dx) {
        HeapBuffer w = HeapBuffer.of(weight, (long) shape.out() * KERNEL.cells() * shape.in());
        apply(dy, turnedWeights.get(w, version, shape), Addends.NONE, CpuConvolution.backward(shape), dx);
    }

    private void apply(Buffer x, Panels u, Addends addends, ConvolutionShape shape, Buffer y) {
        int cells = shape.output().cells();
        int picture = shape.input().cells() * shape.in();
        HeapBuffer xs = HeapBuffer.of(x, (long) shape.rows() * picture);
        Matrix ys = Matrix.of(y, (long) shape.rows() * cells, shape.out());
        WinogradTiles tiles = WinogradTiles.of(shape);
        Tiles tasks = Tiles.ofPanels(Tiles.FEWEST, new Chunks(tiles.grid().cells(), BLOCK), Math.ceilDiv(shape.out(), u.width()));
        workers.run(shape.rows() * tasks.count(), task -> {
            int row = task / tasks.count();
            int index = task % tasks.count();
            Chunks blocks = tasks.rows();
            Chunks panels = tasks.columns();
            int first = blocks.from(tasks.rowBlock(index));
            int firstPanel = panels.from(tasks.columnBlock(index));
            int out = firstPanel * u.width();
            int count = Math.min(panels.length(tasks.columnBlock(index)) * u.width(), shape.out() - out);
            Matrix v = inputs.of(xs.array(), xs.offset() + row * picture, tiles, first, blocks.length(tasks.rowBlock(index)));
            transformOutputs(multiply(v, u, firstPanel, count), tiles, first, ys.rows(row * cells, cells).columns(out, count), addends);
        });
    }

    /** The products {@code [16·count, out]} of {@code v [16·count, in]} with {@code out} columns of the weight. */
    private Matrix multiply(Matrix v, Panels u, int firstPanel, int out) {
        int count = v.rows() / POINTS;
        int in = v.columns();
        Matrix m = Matrix.of(products.array(v.rows() * out), 0, v.rows(), out);
        for (int p = 0; p < POINTS; p++) {
            for (int j = 0; j < out; j += u.width()) {
                Matrix panel = u.panel(firstPanel + j / u.width()).rows(p * in, in);
                gemm.multiply(v.rows(p * count, count), panel, m.rows(p * count, count).columns(j, Math.min(u.width(), out - j)));
            }
        }
        return m;
    }

    private void transformOutputs(Matrix m, WinogradTiles tiles, int first, Matrix picture, Addends addends) {
        int count = m.rows() / POINTS;
        int out = m.columns();
        float[] y = outputs.array(4 * out);
        for (int n = 0; n < count; n++) {
            transform.output(m.array(), n * out, count * out, out, y);
            tiles.write(y, first + n, picture, addends);
        }
    }
}
