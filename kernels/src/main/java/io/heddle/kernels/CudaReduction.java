package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.Reduction;

/** Sums and maxima in a fixed order, and softmax with a warp for each run. */
final class CudaReduction implements Reduction {
    private static final int SUM = 0;
    private static final int MAX = 1;
    private static final int WARP = 32;
    /** Warps of a block that reduces. */
    private static final int WARPS = 8;
    /** Runs of a block, one for each of its warps. */
    private static final int RUNS = 4;

    private final KernelLibrary kernels;

    CudaReduction(KernelLibrary kernels) {
        this.kernels = kernels;
    }

    @Override
    public void sum(Buffer x, int[] dims, boolean[] reduced, Buffer out) {
        reduce(SUM, x, dims, reduced, out);
    }

    @Override
    public void max(Buffer x, int[] dims, boolean[] reduced, Buffer out) {
        reduce(MAX, x, dims, reduced, out);
    }

    /** Sums over the first axis of {@code [count, width]}. */
    void sumOfRows(Buffer x, int count, int width, Buffer out) {
        sum(x, new int[] {count, width}, new boolean[] {true, false}, out);
    }

    /** Where the last axis is folded a warp reads along it; elsewhere neighbouring threads read neighbouring results' elements. */
    private void reduce(int op, Buffer x, int[] dims, boolean[] reduced, Buffer out) {
        Axes kept = select(dims, reduced, false);
        Axes folded = select(dims, reduced, true);
        boolean along = folded.dims().length > 0 && folded.a()[folded.a().length - 1] == 1;
        int outputs = kept.size();
        kernels.launch(along ? "reduce_along" : "reduce_across")
                .integer(op)
                .buffer(x)
                .buffer(out)
                .structure(kept.words())
                .structure(folded.words())
                .integer(outputs)
                .integer(folded.size())
                .run(new Grid(Grid.blocks(outputs, along ? WARPS : WARP), 1, 1, WARP, WARPS));
    }

    private static Axes select(int[] dims, boolean[] reduced, boolean which) {
        int[] steps = Axes.steps(dims);
        int[] sizes = dims.clone();
        for (int i = 0; i < dims.length; i++) {
            if (reduced[i] != which) {
                sizes[i] = 1;
            }
        }
        return Axes.of(sizes, steps).merged();
    }

    @Override
    public void softmax(Buffer x, int width, Buffer out) {
        int runs = runs(out, width);
        kernels.launch("softmax").buffer(x).buffer(out).integer(width).integer(runs).run(ofRuns(runs));
    }

    @Override
    public void softmaxGradient(Buffer y, int width, Buffer dy, Buffer dx) {
        int runs = runs(dx, width);
        kernels.launch("softmax_gradient").buffer(y).buffer(dy).buffer(dx).integer(width).integer(runs).run(ofRuns(runs));
    }

    private static int runs(Buffer buffer, int width) {
        return Math.toIntExact(buffer.length() / width);
    }

    /** A warp for each run. */
    static Grid ofRuns(int runs) {
        return new Grid(Grid.blocks(runs, RUNS), 1, 1, WARP, RUNS);
    }
}
