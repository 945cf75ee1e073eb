package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import org.jspecify.annotations.Nullable;

/**
 * Convolution as products of gathered patches with a weight that is laid out in panels at each call: for weights so small that a core's caches hold the
 * panels, and that the layout costs little beside the products.
 */
final class PanelConvolution {
    /** Elements of the largest such weight. */
    static final int LARGEST = 1 << 18;

    /** Cells of a tile, whose patches stay in the caches beside the panels. */
    private static final int CELLS = 96;

    private final Workers workers;
    private final PanelGemm gemm;
    private final Scratch layouts = new Scratch();
    private final Scratch gathered = new Scratch();

    /** Products by {@code gemm} on {@code workers}. */
    PanelConvolution(Workers workers, PanelGemm gemm) {
        this.workers = workers;
        this.gemm = gemm;
    }

    /** Whether a convolution gains by this way. */
    boolean suits(ConvolutionShape shape) {
        return gemm.isDirect() && shape.out() >= gemm.width(shape.out()) && (long) shape.out() * new Patches(shape).width() <= LARGEST;
    }

    /** As {@link io.heddle.spi.Convolution#forward}. */
    void forward(Buffer x, Buffer weight, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y) {
        Patches patches = new Patches(shape);
        int cells = shape.output().cells();
        int width = gemm.width(shape.out());
        HeapBuffer xs = HeapBuffer.of(x, (long) shape.rows() * patches.picture());
        Matrix ys = Matrix.of(y, (long) shape.rows() * cells, shape.out());
        Addends addends = Addends.of(bias, residual, HeapBuffer.of(y), shape.out());
        Panels panels = new Panels(layouts.array(Panels.elements(patches.width(), shape.out(), width)), patches.width(), width);
        Chunks columns = new Chunks(shape.out(), width);
        Matrix w = Matrix.of(weight, shape.out(), patches.width()).transpose();
        workers.run(columns.count(), n -> panels.pack(w, n));
        Chunks tiles = new Chunks(cells, CELLS);
        workers.run(shape.rows() * tiles.count(), task -> {
            int row = task / tiles.count();
            int first = tiles.from(task % tiles.count());
            Matrix result = ys.rows(row * cells + first, tiles.length(task % tiles.count()));
            Matrix a = Matrix.of(gathered.array(result.rows() * patches.width()), 0, result.rows(), patches.width());
            patches.gather(xs.array(), xs.offset() + row * patches.picture(), first, result.rows(), a.array());
            for (int n = 0; n < columns.count(); n++) {
                Matrix block = result.columns(columns.from(n), columns.length(n));
                gemm.multiply(a, panels.panel(n), addends.begin(block) == 1, block);
            }
        });
    }
}
