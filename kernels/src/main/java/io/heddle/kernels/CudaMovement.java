package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.Extent;
import io.heddle.spi.Movement;

/** Copies that re-arrange, a thread for each element that is written. */
final class CudaMovement implements Movement {
    private final KernelLibrary kernels;
    private final IndexTables indices;

    CudaMovement(KernelLibrary kernels, IndexTables indices) {
        this.kernels = kernels;
        this.indices = indices;
    }

    @Override
    public void permute(Buffer x, int[] dims, int[] axes, Buffer out) {
        int[] steps = Axes.steps(dims);
        int[] outDims = new int[axes.length];
        int[] xSteps = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            outDims[i] = dims[axes[i]];
            xSteps[i] = steps[axes[i]];
        }
        int n = Math.toIntExact(out.length());
        kernels.launch("permute")
                .buffer(x)
                .buffer(out)
                .structure(Axes.of(outDims, xSteps).merged().words())
                .integer(n)
                .run(Grid.pointwise(n));
    }

    @Override
    public void copyAlongAxis(Buffer x, AxisRange from, Buffer out, AxisRange to, long outer, int count, long inner) {
        long n = outer * count * inner;
        kernels.launch("copy_along_axis")
                .buffer(x)
                .integer(from.size())
                .integer(from.start())
                .buffer(out)
                .integer(to.size())
                .integer(to.start())
                .integer(count)
                .count(inner)
                .count(n)
                .run(Grid.pointwise(n));
    }

    @Override
    public void gatherRows(Buffer x, int width, int[] index, Buffer out) {
        check(index, x.length() / width);
        long n = out.length();
        kernels.launch("gather_rows").buffer(x).integer(width).buffer(indices.of(index)).buffer(out).count(n).run(Grid.pointwise(n));
    }

    @Override
    public void scatterAddRowsInPlace(Buffer x, int width, int[] index, Buffer out) {
        check(index, out.length() / width);
        long n = out.length();
        kernels.launch("scatter_add_rows")
                .buffer(x)
                .integer(width)
                .buffer(indices.of(index))
                .integer(index.length)
                .buffer(out)
                .count(n)
                .run(Grid.pointwise(n));
    }

    private static void check(int[] index, long rows) {
        for (int row : index) {
            if (row < 0 || row >= rows) {
                throw new IndexOutOfBoundsException("row " + row + " was asked for of a table of " + rows + " rows");
            }
        }
    }

    @Override
    public void resizeNearest(Buffer x, int rows, Extent from, Extent to, int channels, Buffer out) {
        resize("resize_nearest", x, from, to, channels, out);
    }

    @Override
    public void resizeNearestGradient(Buffer dy, int rows, Extent from, Extent to, int channels, Buffer dx) {
        resize("resize_nearest_gradient", dy, from, to, channels, dx);
    }

    private void resize(String kernel, Buffer x, Extent from, Extent to, int channels, Buffer out) {
        long n = out.length();
        kernels.launch(kernel)
                .buffer(x)
                .integer(from.height())
                .integer(from.width())
                .integer(to.height())
                .integer(to.width())
                .integer(channels)
                .buffer(out)
                .count(n)
                .run(Grid.pointwise(n));
    }
}
