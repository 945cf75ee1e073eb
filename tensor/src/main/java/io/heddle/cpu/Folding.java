package io.heddle.cpu;

import java.util.Arrays;

/**
 * A reduction over some dimensions, neighbours of the same fate merged. The outermost dimension is cut into tasks: if it stays, every task has results of
 * its own; if it is reduced, the tasks' partial results are combined in order. Either way a result's bits depend on the sizes of what it is made of alone.
 *
 * @param sizes merged dimensions
 * @param outermostReduced whether the first one is reduced; from there on, reduced and kept ones alternate
 */
record Folding(int[] sizes, boolean outermostReduced) {
    /** A reduced outermost dimension is cut into at most so many parts. */
    private static final int PARTS = 32;

    static Folding of(int[] dims, boolean[] reduced) {
        int[] sizes = new int[dims.length + 1];
        Arrays.fill(sizes, 1);
        int last = 0;
        for (int i = 0; i < dims.length; i++) {
            if (i > 0 && reduced[i] != reduced[i - 1]) {
                last++;
            }
            sizes[last] *= dims[i];
        }
        return new Folding(Arrays.copyOf(sizes, last + 1), dims.length > 0 && reduced[0]);
    }

    /** What is accumulated. */
    interface Operation {
        double identity();

        double combine(double a, double b);

        /** Of the elements of a run. */
        double run(float[] x, int from, int n);

        /** Of each element of a run with one of {@code folded}. */
        void columns(float[] x, int from, double[] folded, int at, int n);
    }

    void run(Workers workers, Operation operation, HeapBuffer x, HeapBuffer out) {
        int width = size(1, false);
        if (outermostReduced) {
            int part = Math.max(Chunks.ofRuns(sizes[0], size(1, true)).size(), Math.ceilDiv(sizes[0], PARTS));
            Chunks parts = new Chunks(sizes[0], part);
            double[][] folded = new double[Math.max(1, parts.count())][width];
            workers.run(folded.length, i -> fold(operation, x, parts.from(i), parts.length(i), folded[i]));
            for (int i = 1; i < folded.length; i++) {
                for (int j = 0; j < width; j++) {
                    folded[0][j] = operation.combine(folded[0][j], folded[i][j]);
                }
            }
            store(folded[0], out, 0);
        } else {
            Chunks.ofRuns(sizes[0], size(1, true)).run(workers, (from, count) -> {
                double[] folded = new double[count * width];
                fold(operation, x, from, count, folded);
                store(folded, out, from * width);
            });
        }
    }

    private void fold(Operation operation, HeapBuffer x, int from, int count, double[] folded) {
        Arrays.fill(folded, operation.identity());
        fold(operation, 0, x.array(), x.offset() + from * size(1, true), count, folded, 0);
    }

    private void fold(Operation operation, int axis, float[] x, int from, int count, double[] folded, int at) {
        boolean reduced = reduced(axis);
        if (axis < sizes.length - 1) {
            int step = size(axis + 1, true);
            int keptStep = reduced ? 0 : size(axis + 1, false);
            for (int i = 0; i < count; i++) {
                fold(operation, axis + 1, x, from + i * step, sizes[axis + 1], folded, at + i * keptStep);
            }
        } else if (reduced) {
            folded[at] = operation.combine(folded[at], operation.run(x, from, count));
        } else {
            operation.columns(x, from, folded, at, count);
        }
    }

    private boolean reduced(int axis) {
        return outermostReduced == (axis % 2 == 0);
    }

    /** The product of the dimensions from {@code axis} on: of all, or of those that stay. */
    private int size(int axis, boolean all) {
        int size = 1;
        for (int i = axis; i < sizes.length; i++) {
            size *= all || !reduced(i) ? sizes[i] : 1;
        }
        return size;
    }

    private static void store(double[] folded, HeapBuffer out, int at) {
        for (int i = 0; i < folded.length; i++) {
            out.array()[out.offset() + at + i] = (float) folded[i];
        }
    }
}
