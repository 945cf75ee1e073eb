package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.Reduction;

/** Sums and maxima accumulated in double, and softmax run by run. */
final class CpuReduction implements Reduction {
    private final Workers workers;
    private final Kernels kernels;

    CpuReduction(Workers workers, Kernels kernels) {
        this.workers = workers;
        this.kernels = kernels;
    }

    @Override
    public void sum(Buffer x, int[] dims, boolean[] reduced, Buffer out) {
        Folding.of(dims, reduced).run(workers, new Sum(kernels), HeapBuffer.of(x), HeapBuffer.of(out));
    }

    @Override
    public void max(Buffer x, int[] dims, boolean[] reduced, Buffer out) {
        Folding.of(dims, reduced).run(workers, new Max(kernels), HeapBuffer.of(x), HeapBuffer.of(out));
    }

    private record Sum(Kernels kernels) implements Folding.Operation {
        @Override
        public double identity() {
            return 0;
        }

        @Override
        public double combine(double a, double b) {
            return a + b;
        }

        @Override
        public double run(float[] x, int from, int n) {
            return kernels.sum(x, from, n);
        }

        @Override
        public void columns(float[] x, int from, double[] folded, int at, int n) {
            for (int i = 0; i < n; i++) {
                folded[at + i] += x[from + i];
            }
        }
    }

    private record Max(Kernels kernels) implements Folding.Operation {
        @Override
        public double identity() {
            return Double.NEGATIVE_INFINITY;
        }

        @Override
        public double combine(double a, double b) {
            return Math.max(a, b);
        }

        @Override
        public double run(float[] x, int from, int n) {
            float[] max = {Float.NEGATIVE_INFINITY};
            kernels.maxima(Matrix.of(x, from, 1, n), max);
            return max[0];
        }

        @Override
        public void columns(float[] x, int from, double[] folded, int at, int n) {
            for (int i = 0; i < n; i++) {
                folded[at + i] = Math.max(folded[at + i], x[from + i]);
            }
        }
    }

    @Override
    public void softmax(Buffer x, int width, Buffer out) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer to = HeapBuffer.of(out);
        Chunks.ofRuns(to.size() / width, width)
                .run(workers, (first, count) -> Softmax.of(
                        kernels,
                        Matrix.of(from.array(), from.offset() + first * width, count, width),
                        Matrix.of(to.array(), to.offset() + first * width, count, width)));
    }

    @Override
    public void softmaxGradient(Buffer y, int width, Buffer dy, Buffer dx) {
        HeapBuffer softmax = HeapBuffer.of(y);
        HeapBuffer given = HeapBuffer.of(dy);
        HeapBuffer to = HeapBuffer.of(dx);
        Chunks.ofRuns(to.size() / width, width).run(workers, (first, count) -> {
            for (int run = first; run < first + count; run++) {
                int at = softmax.offset() + run * width;
                int source = given.offset() + run * width;
                float d = (float) kernels.dot(softmax.array(), at, given.array(), source, width);
                kernels.softmaxGradient(softmax.array(), at, given.array(), source, d, to.array(), to.offset() + run * width, width);
            }
        });
    }
}
