package io.heddle.cpu;

import java.util.Arrays;

/**
 * An order of axes, neighbours that stay neighbours merged: what remains either copies runs or transposes planes.
 *
 * @param sizes merged dimensions of the result
 * @param steps distance in the source from one index to the next, for each of them
 */
record Permutation(int[] sizes, int[] steps) {
    /** Elements of the source's innermost axis that a task takes. */
    private static final int STRIP = 32;

    static Permutation of(int[] dims, int[] axes) {
        int[] sizes = new int[axes.length + 1];
        int[] steps = new int[axes.length + 1];
        int last = -1;
        for (int axis : axes) {
            int step = Arrays.stream(dims, axis + 1, dims.length).reduce(1, (a, b) -> a * b);
            if (last >= 0 && steps[last] == dims[axis] * step) {
                sizes[last] *= dims[axis];
                steps[last] = step;
            } else if (dims[axis] != 1) {
                last++;
                sizes[last] = dims[axis];
                steps[last] = step;
            }
        }
        if (last < 0) {
            return new Permutation(new int[] {1}, new int[] {1});
        }
        return new Permutation(Arrays.copyOf(sizes, last + 1), Arrays.copyOf(steps, last + 1));
    }

    void run(Workers workers, HeapBuffer x, HeapBuffer out) {
        int run = sizes[sizes.length - 1];
        if (steps[sizes.length - 1] == 1) {
            Chunks.ofRuns(out.size() / run, run).run(workers, (first, count) -> {
                for (int i = first; i < first + count; i++) {
                    System.arraycopy(x.array(), x.offset() + start(i), out.array(), out.offset() + i * run, run);
                }
            });
        } else {
            transpose(workers, x, out);
        }
    }

    /** Planes of the source's innermost axis and the result's innermost axis, one for each index of the other axes. */
    private void transpose(Workers workers, HeapBuffer x, HeapBuffer out) {
        int last = sizes.length - 1;
        int across = innermostOfSource();
        int down = out.size() / (sizes[last] * sizes[across]);
        int outStep = Arrays.stream(sizes, across + 1, sizes.length).reduce(1, (a, b) -> a * b);
        Chunks strips = new Chunks(sizes[across], STRIP);
        workers.run(down * strips.count(), task -> {
            int plane = task / strips.count();
            int first = strips.from(task % strips.count());
            int count = strips.length(task % strips.count());
            int between = outStep / sizes[last];
            int outPlane = plane / between * sizes[across] * between + plane % between;
            int from = x.offset() + start(outPlane);
            int to = out.offset() + outPlane * sizes[last];
            Transposition.copy(
                    Matrix.of(x.array(), from + first, sizes[last], count, steps[last]),
                    Matrix.of(out.array(), to + first * outStep, count, sizes[last], outStep));
        });
    }

    private int innermostOfSource() {
        int axis = 0;
        while (steps[axis] != 1) {
            axis++;
        }
        return axis;
    }

    /** Where in the source the result's run {@code run} begins. */
    private int start(int run) {
        int start = 0;
        int rest = run;
        for (int axis = sizes.length - 2; axis >= 0; axis--) {
            start += rest % sizes[axis] * steps[axis];
            rest /= sizes[axis];
        }
        return start;
    }
}
