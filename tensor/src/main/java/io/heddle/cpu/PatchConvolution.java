package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Convolution of any kernel, stride and padding as products of patches that are gathered tile by tile. Chellapilla et al. 2006. */
final class PatchConvolution {
    /** Elements of gathered patches, about the size of a core's caches; and bounds on the cells of a tile. */
    private static final int GATHERED = 1 << 20;

    private static final int MOST_CELLS = 256;
    private static final int FEWEST_CELLS = 64;

    /** Elements of the widest patches of which a gradient takes several lines at a time. */
    private static final int WIDEST = 2048;

    private final Workers workers;
    private final Gemm gemm;
    private final TallProduct tall;
    private final Scratch gathered = new Scratch();
    private final Scratch products = new Scratch();

    /** Products by {@code gemm} on {@code workers}. */
    PatchConvolution(Workers workers, Gemm gemm) {
        this.workers = workers;
        this.gemm = gemm;
        this.tall = new TallProduct(gemm);
    }

    private static Chunks cells(ConvolutionShape shape, int width) {
        return Chunks.ofAtMost(Math.clamp(GATHERED / width, FEWEST_CELLS, MOST_CELLS), shape.output().cells());
    }

    /** As {@link io.heddle.spi.Convolution#forward}. */
    void forward(Buffer x, Buffer weight, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y) {
        Patches patches = new Patches(shape);
        int cells = shape.output().cells();
        HeapBuffer xs = HeapBuffer.of(x, (long) shape.rows() * patches.picture());
        Matrix ys = Matrix.of(y, (long) shape.rows() * cells, shape.out());
        Matrix w = Matrix.of(weight, shape.out(), patches.width()).transpose();
        Addends addends = Addends.of(bias, residual, HeapBuffer.of(y), shape.out());
        Tiles tiles = Tiles.of(cells(shape, patches.width()), shape.out());
        workers.run(shape.rows() * tiles.count(), task -> {
            int row = task / tiles.count();
            int tile = task % tiles.count();
            int first = tiles.rows().from(tiles.rowBlock(tile));
            Matrix result = tiles.columnsOf(tiles.rowsOf(ys.rows(row * cells, cells), tile), tile);
            float[] gather = gathered.array(result.rows() * patches.width());
            patches.gather(xs.array(), xs.offset() + row * patches.picture(), first, result.rows(), gather);
            Matrix a = Matrix.of(gather, 0, result.rows(), patches.width());
            gemm.multiply(1, a, tiles.columnsOf(w, tile), addends.begin(result), result);
        });
    }

    /** The gradient is scattered kernel position by kernel position; a task owns some channels of one picture. */
    void inputGradient(Buffer dy, Buffer weight, ConvolutionShape shape, Buffer dx) {
        Patches patches = new Patches(shape);
        int cells = shape.output().cells();
        Matrix dys = Matrix.of(dy, (long) shape.rows() * cells, shape.out());
        Matrix w = Matrix.of(weight, shape.out(), patches.width());
        HeapBuffer dxs = HeapBuffer.of(dx, (long) shape.rows() * patches.picture());
        Chunks channels = Chunks.inParts(Tiles.FEWEST, shape.in());
        Chunks blocks = Chunks.ofAtMost(MOST_CELLS, cells);
        workers.run(shape.rows() * channels.count(), task -> {
            int row = task / channels.count();
            int channel = channels.from(task % channels.count());
            int count = channels.length(task % channels.count());
            int picture = dxs.offset() + row * patches.picture();
            clear(dxs.array(), picture + channel, count, shape);
            float[] product = products.array(blocks.size() * count);
            for (int block = 0; block < blocks.count(); block++) {
                int first = blocks.from(block);
                Matrix gradients = dys.rows(row * cells + first, blocks.length(block));
                Matrix c = Matrix.of(product, 0, gradients.rows(), count);
                for (int u = 0; u < shape.kernel().height(); u++) {
                    for (int v = 0; v < shape.kernel().width(); v++) {
                        gemm.multiply(1, gradients, w.columns((u * shape.kernel().width() + v) * shape.in() + channel, count), 0, c);
                        patches.scatterAdd(product, first, gradients.rows(), u, v, count, dxs.array(), picture, channel);
                    }
                }
            }
        });
    }

    private static void clear(float[] dx, int from, int count, ConvolutionShape shape) {
        for (int cell = 0; cell < shape.input().cells(); cell++) {
            Arrays.fill(dx, from + cell * shape.in(), from + cell * shape.in() + count, 0);
        }
    }

    /** A task owns some lines of the kernel and some output channels, and sums over the cells of all pictures in order. */
    void weightGradient(Buffer x, Buffer dy, ConvolutionShape shape, Buffer dWeight) {
        Patches patches = new Patches(shape);
        int cells = shape.rows() * shape.output().cells();
        HeapBuffer xs = HeapBuffer.of(x, (long) shape.rows() * patches.picture());
        Matrix dys = Matrix.of(dy, cells, shape.out());
        Matrix dw = Matrix.of(dWeight, shape.out(), patches.width());
        Arrays.fill(dw.array(), dw.offset(), dw.offset() + shape.out() * patches.width(), 0);
        int parts = tall.parts(workers);
        Chunks lines = new Chunks(shape.kernel().height(), patches.width() > WIDEST ? 1 : Math.ceilDiv(shape.kernel().height(), parts));
        Chunks outputs = TallProduct.rows(Math.ceilDiv(parts, lines.count()), shape.out());
        Chunks blocks = new Chunks(cells, TallProduct.DEPTH);
        workers.run(lines.count() * outputs.count(), task -> {
            int line = lines.from(task / outputs.count());
            int lineCount = lines.length(task / outputs.count());
            int out = outputs.from(task % outputs.count());
            int count = outputs.length(task % outputs.count());
            int width = lineCount * patches.lineWidth();
            Matrix result = dw.rows(out, count).columns(line * patches.lineWidth(), width);
            float[] gather = gathered.array(blocks.size() * width);
            for (int block = 0; block < blocks.count(); block++) {
                int first = blocks.from(block);
                Matrix gradients = dys.rows(first, blocks.length(block)).columns(out, count);
                patches.gatherLines(xs.array(), xs.offset(), first, gradients.rows(), line, lineCount, gather);
                tall.accumulate(gradients, Matrix.of(gather, 0, gradients.rows(), width), result);
            }
        });
    }
}
