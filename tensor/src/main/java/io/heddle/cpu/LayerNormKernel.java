package io.heddle.cpu;

import io.heddle.spi.BinaryOp;

/** Layer normalisation, {@code y = x̂·γ + β} with {@code x̂ = (x − μ)·r} and {@code r = (σ² + ε)^−½}, one run of {@code width} elements after the other. */
final class LayerNormKernel {
    private final Workers workers;
    private final Kernels kernels;
    private final int width;
    private final HeapBuffer x;
    private final HeapBuffer gamma;
    private final HeapBuffer statistics;
    private final Chunks chunks;

    LayerNormKernel(Workers workers, Kernels kernels, int width, HeapBuffer x, HeapBuffer gamma, HeapBuffer statistics) {
        this.workers = workers;
        this.kernels = kernels;
        this.width = width;
        this.x = x;
        this.gamma = gamma;
        this.statistics = statistics;
        this.chunks = Chunks.ofRuns(x.size() / width, width);
    }

    void forward(HeapBuffer beta, float epsilon, HeapBuffer y) {
        forEachRun((run, part, scratch) -> {
            int from = x.offset() + run * width;
            int to = y.offset() + run * width;
            double mean = kernels.sum(x.array(), from, width) / width;
            double variance = Math.max(0, kernels.dot(x.array(), from, x.array(), from, width) / width - mean * mean);
            float deviation = (float) (1 / Math.sqrt(variance + epsilon));
            statistics.array()[statistics.offset() + 2 * run] = (float) mean;
            statistics.array()[statistics.offset() + 2 * run + 1] = deviation;
            kernels.standardize(x.array(), from, mean, deviation, y.array(), to, width);
            kernels.binary(BinaryOp.MULTIPLY, y.array(), to, gamma.array(), gamma.offset(), y.array(), to, width);
            kernels.binary(BinaryOp.ADD, y.array(), to, beta.array(), beta.offset(), y.array(), to, width);
        });
    }

    /** {@code dx = r·(ĝ − mean(ĝ) − x̂·mean(ĝ·x̂))} with {@code ĝ = dy·γ}. */
    void inputGradient(HeapBuffer dy, HeapBuffer dx) {
        forEachRun((run, part, scratch) -> {
            int to = dx.offset() + run * width;
            float deviation = standardize(run, scratch);
            kernels.binary(BinaryOp.MULTIPLY, dy.array(), dy.offset() + run * width, gamma.array(), gamma.offset(), dx.array(), to, width);
            double mean = kernels.sum(dx.array(), to, width) / width;
            double slope = kernels.dot(dx.array(), to, scratch, 0, width) / width;
            kernels.standardize(dx.array(), to, mean, deviation, dx.array(), to, width);
            kernels.affine(scratch, 0, (float) (deviation * slope), 0, scratch, 0, width);
            kernels.binary(BinaryOp.SUBTRACT, dx.array(), to, scratch, 0, dx.array(), to, width);
        });
    }

    /** {@code Σ dy} and {@code Σ dy·x̂} over the runs: the gradients of {@code β} and {@code γ}. */
    ChannelSums gradientSums(HeapBuffer dy) {
        ChannelSums sums = new ChannelSums(chunks.count(), width, 1);
        forEachRun((run, part, scratch) -> {
            standardize(run, scratch);
            sums.add(kernels, part, dy.array(), dy.offset() + run * width, scratch, 0, width);
        });
        return sums;
    }

    /** Writes {@code x̂} of a run and returns its {@code r}. */
    private float standardize(int run, float[] standardized) {
        float mean = statistics.array()[statistics.offset() + 2 * run];
        float deviation = statistics.array()[statistics.offset() + 2 * run + 1];
        kernels.standardize(x.array(), x.offset() + run * width, mean, deviation, standardized, 0, width);
        return deviation;
    }

    private void forEachRun(RunTask task) {
        workers.run(chunks.count(), part -> {
            float[] scratch = new float[width];
            for (int run = chunks.from(part); run < chunks.from(part) + chunks.length(part); run++) {
                task.run(run, part, scratch);
            }
        });
    }

    /** What is done to a run: its number, its chunk's, and space for one. */
    @FunctionalInterface
    private interface RunTask {
        void run(int run, int part, float[] scratch);
    }
}
