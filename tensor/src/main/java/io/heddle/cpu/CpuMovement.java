package io.heddle.cpu;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Buffer;
import io.heddle.spi.Extent;
import io.heddle.spi.Movement;
import java.util.Arrays;

/** Copies that re-arrange, in runs as long as the arrangement allows. */
final class CpuMovement implements Movement {
    private final Workers workers;
    private final Kernels kernels;

    CpuMovement(Workers workers, Kernels kernels) {
        this.workers = workers;
        this.kernels = kernels;
    }

    @Override
    public void permute(Buffer x, int[] dims, int[] axes, Buffer out) {
        Permutation.of(dims, axes).run(workers, HeapBuffer.of(x), HeapBuffer.of(out));
    }

    @Override
    public void copyAlongAxis(Buffer x, AxisRange from, Buffer out, AxisRange to, long outer, int count, long inner) {
        HeapBuffer source = HeapBuffer.of(x);
        HeapBuffer target = HeapBuffer.of(out);
        int run = Math.toIntExact(inner);
        Chunks.ofRuns(Math.toIntExact(outer), Math.max(1, count * run)).run(workers, (first, boxes) -> {
            for (int i = first; i < first + boxes; i++) {
                int at = source.offset() + (i * from.size() + from.start()) * run;
                System.arraycopy(source.array(), at, target.array(), target.offset() + (i * to.size() + to.start()) * run, count * run);
            }
        });
    }

    @Override
    public void gatherRows(Buffer x, int width, int[] index, Buffer out) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer to = HeapBuffer.of(out);
        Chunks.ofRuns(index.length, width).run(workers, (first, count) -> {
            for (int n = first; n < first + count; n++) {
                System.arraycopy(from.array(), row(from, width, index[n]), to.array(), to.offset() + n * width, width);
            }
        });
    }

    @Override
    public void scatterAddRowsInPlace(Buffer x, int width, int[] index, Buffer out) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer to = HeapBuffer.of(out);
        for (int n = 0; n < index.length; n++) {
            int target = row(to, width, index[n]);
            kernels.binary(BinaryOp.ADD, to.array(), target, from.array(), from.offset() + n * width, to.array(), target, width);
        }
    }

    private static int row(HeapBuffer buffer, int width, int index) {
        int rows = buffer.size() / width;
        if (index < 0 || index >= rows) {
            throw new IndexOutOfBoundsException("row " + index + " was asked for of a table of " + rows + " rows");
        }
        return buffer.offset() + index * width;
    }

    @Override
    public void resizeNearest(Buffer x, int rows, Extent from, Extent to, int channels, Buffer out) {
        HeapBuffer source = HeapBuffer.of(x);
        HeapBuffer target = HeapBuffer.of(out);
        Chunks.ofRuns(rows * to.height(), to.width() * channels).run(workers, (first, lines) -> {
            for (int line = first; line < first + lines; line++) {
                int sourceLine = line / to.height() * from.height() + sourceOf(line % to.height(), from.height(), to.height());
                for (int column = 0; column < to.width(); column++) {
                    int cell = sourceLine * from.width() + sourceOf(column, from.width(), to.width());
                    int targetCell = line * to.width() + column;
                    System.arraycopy(source.array(), source.offset() + cell * channels, target.array(), target.offset() + targetCell * channels,
                            channels);
                }
            }
        });
    }

    @Override
    public void resizeNearestGradient(Buffer dy, int rows, Extent from, Extent to, int channels, Buffer dx) {
        HeapBuffer given = HeapBuffer.of(dy);
        HeapBuffer target = HeapBuffer.of(dx);
        Chunks.ofRuns(rows * from.height(), from.width() * channels).run(workers, (first, lines) -> {
            for (int line = first; line < first + lines; line++) {
                int start = target.offset() + line * from.width() * channels;
                Arrays.fill(target.array(), start, start + from.width() * channels, 0);
                int y = line % from.height();
                int firstReader = firstReader(y, from.height(), to.height());
                for (int reader = firstReader; reader < firstReader(y + 1, from.height(), to.height()); reader++) {
                    int givenLine = line / from.height() * to.height() + reader;
                    for (int column = 0; column < to.width(); column++) {
                        int at = start + sourceOf(column, from.width(), to.width()) * channels;
                        int givenAt = given.offset() + (givenLine * to.width() + column) * channels;
                        kernels.binary(BinaryOp.ADD, target.array(), at, given.array(), givenAt, target.array(), at, channels);
                    }
                }
            }
        });
    }

    private static int sourceOf(int index, int from, int to) {
        return (int) ((long) index * from / to);
    }

    /** The first destination that reads {@code source} or a later element. */
    private static int firstReader(int source, int from, int to) {
        return Math.toIntExact(Math.ceilDiv((long) source * to, from));
    }
}
