package io.heddle.cpu;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Normalization.GroupNormShape;
import io.heddle.spi.UnaryOp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Group normalisation, {@code y = act(x̂·γ + β)} with {@code x̂ = (x − μ)·r} and {@code r = (σ² + ε)^−½}. The cells of a row are cut into chunks of a
 * size that only the row's own shape decides; a chunk is traversed as it lies in memory, several cells at a time where channels are few.
 */
final class GroupNormKernel {
    /** Elements that are worth a call of a kernel. */
    private static final int RUN = 512;

    private final Workers workers;
    private final Kernels kernels;
    private final GroupNormShape shape;
    private final HeapBuffer x;
    private final HeapBuffer gamma;
    private final HeapBuffer beta;
    private final boolean silu;
    private final Chunks chunks;
    /** Cells of a run, for each of which the factors of the channels are repeated. */
    private final int repeats;

    GroupNormKernel(Workers workers, Kernels kernels, GroupNormShape shape, HeapBuffer x, HeapBuffer gamma, HeapBuffer beta, boolean silu) {
        this.workers = workers;
        this.kernels = kernels;
        this.shape = shape;
        this.x = x;
        this.gamma = gamma;
        this.beta = beta;
        this.silu = silu;
        this.chunks = Chunks.ofRuns(shape.cells(), shape.channels());
        this.repeats = Math.clamp(RUN / shape.channels(), 1, shape.cells());
    }

    /** Factors of the channels of one row: {@code (x − mean)·scale + shift}. */
    private record Channels(float[] mean, float[] scale, float[] shift) {
        static Channels of(int channels) {
            return new Channels(new float[channels], new float[channels], new float[channels]);
        }

        /** The same for a run of cells. */
        Channels repeated(int times) {
            return new Channels(repeat(mean, times), repeat(scale, times), repeat(shift, times));
        }

        private static float[] repeat(float[] factors, int times) {
            float[] repeated = Arrays.copyOf(factors, factors.length * times);
            for (int i = factors.length; i < repeated.length; i++) {
                repeated[i] = repeated[i - factors.length];
            }
            return repeated;
        }

        /** Of {@code n} elements from element {@code from} of {@code x} on, where a cell begins. */
        void apply(Kernels kernels, HeapBuffer x, int from, float[] y, int to, int n) {
            kernels.standardizeEach(x.array(), x.offset() + from, mean, scale, shift, y, to, n);
        }
    }

    void forward(float epsilon, HeapBuffer y, HeapBuffer statistics) {
        ChannelSums sums = new ChannelSums(shape.rows() * chunks.count(), shape.channels(), repeats);
        forEachRun((row, part, at, n, scratch) -> sums.add(kernels, part, x.array(), x.offset() + at, x.array(), x.offset() + at, n));
        Channels[] output = new Channels[shape.rows()];
        for (int row = 0; row < output.length; row++) {
            output[row] = moments(sums, row, epsilon, statistics).repeated(repeats);
        }
        forEachRun((row, part, at, n, scratch) -> {
            output[row].apply(kernels, x, at, y.array(), y.offset() + at, n);
            if (silu) {
                kernels.unary(UnaryOp.SILU, y.array(), y.offset() + at, y.array(), y.offset() + at, n);
            }
        });
    }

    /** The channels' factors from {@code Σ x} and {@code Σ x²}; mean and reciprocal deviation of each group go to {@code statistics}. */
    private Channels moments(ChannelSums sums, int row, float epsilon, HeapBuffer statistics) {
        Channels output = Channels.of(shape.channels());
        int width = shape.channels() / shape.groups();
        double elements = (double) shape.cells() * width;
        double[] ofX = sums.sums(row * chunks.count(), chunks.count());
        double[] ofSquares = sums.products(row * chunks.count(), chunks.count());
        for (int group = 0; group < shape.groups(); group++) {
            double mean = sumOf(ofX, group, width) / elements;
            double variance = Math.max(0, sumOf(ofSquares, group, width) / elements - mean * mean);
            double deviation = 1 / Math.sqrt(variance + epsilon);
            int at = statistics.offset() + 2 * (row * shape.groups() + group);
            statistics.array()[at] = (float) mean;
            statistics.array()[at + 1] = (float) deviation;
            for (int c = group * width; c < (group + 1) * width; c++) {
                double scale = deviation * gamma.array()[gamma.offset() + c];
                output.mean[c] = (float) mean;
                output.scale[c] = (float) scale;
                output.shift[c] = (float) (((float) mean - mean) * scale + beta.array()[beta.offset() + c]);
            }
        }
        return output;
    }

    private static double sumOf(double[] channels, int group, int width) {
        double sum = 0;
        for (int c = group * width; c < (group + 1) * width; c++) {
            sum += channels[c];
        }
        return sum;
    }

    /**
     * The sums over each row's cells that all gradients are made of, with {@code ŷ} the gradient before the activation: {@code Σ ŷ} and {@code Σ ŷ·x̂}.
     * Over all rows these are the gradients of {@code β} and {@code γ}. With an activation, {@code ŷ} is left in {@code dx} if there is one.
     */
    ChannelSums gradientSums(HeapBuffer statistics, HeapBuffer dy, @Nullable HeapBuffer dx) {
        ChannelSums sums = new ChannelSums(shape.rows() * chunks.count(), shape.channels(), repeats);
        Channels[] output = new Channels[shape.rows()];
        Channels[] standard = new Channels[shape.rows()];
        for (int row = 0; row < output.length; row++) {
            output[row] = output(row, statistics).repeated(repeats);
            standard[row] = standard(row, statistics).repeated(repeats);
        }
        forEachRun((row, part, at, n, scratch) -> {
            int half = scratch.length / 2;
            standard[row].apply(kernels, x, at, scratch, half, n);
            if (!silu) {
                sums.add(kernels, part, dy.array(), dy.offset() + at, scratch, half, n);
                return;
            }
            float[] before = dx == null ? scratch : dx.array();
            int to = dx == null ? 0 : dx.offset() + at;
            output[row].apply(kernels, x, at, before, to, n);
            kernels.derivative(UnaryOp.SILU, before, to, before, to, n);
            kernels.binary(BinaryOp.MULTIPLY, before, to, dy.array(), dy.offset() + at, before, to, n);
            sums.add(kernels, part, before, to, scratch, half, n);
        });
        return sums;
    }

    /**
     * {@code dx = r·(ŷγ − A − x̂·B)} with {@code A} and {@code B} the means of {@code ŷγ} and {@code ŷγ·x̂} over the group.
     *
     * @param dx as {@link #gradientSums} left it
     */
    void inputGradient(ChannelSums sums, HeapBuffer statistics, HeapBuffer dy, HeapBuffer dx) {
        Channels[] output = new Channels[shape.rows()];
        Channels[] correction = new Channels[shape.rows()];
        for (int row = 0; row < output.length; row++) {
            output[row] = output(row, statistics).repeated(repeats);
            correction[row] = correction(sums, row, statistics).repeated(repeats);
        }
        HeapBuffer before = silu ? dx : dy;
        forEachRun((row, part, at, n, scratch) -> {
            int to = dx.offset() + at;
            correction[row].apply(kernels, x, at, scratch, 0, n);
            kernels.binary(BinaryOp.MULTIPLY, before.array(), before.offset() + at, output[row].scale, 0, dx.array(), to, n);
            kernels.binary(BinaryOp.SUBTRACT, dx.array(), to, scratch, 0, dx.array(), to, n);
        });
    }

    /** The factors of {@code x̂·γ + β}. */
    private Channels output(int row, HeapBuffer statistics) {
        Channels output = standard(row, statistics);
        for (int c = 0; c < shape.channels(); c++) {
            output.scale[c] *= gamma.array()[gamma.offset() + c];
            output.shift[c] = beta.array()[beta.offset() + c];
        }
        return output;
    }

    /** The factors of {@code x̂}. */
    private Channels standard(int row, HeapBuffer statistics) {
        Channels standard = Channels.of(shape.channels());
        int width = shape.channels() / shape.groups();
        for (int c = 0; c < shape.channels(); c++) {
            int at = statistics.offset() + 2 * (row * shape.groups() + c / width);
            standard.mean[c] = statistics.array()[at];
            standard.scale[c] = statistics.array()[at + 1];
        }
        return standard;
    }

    /** The factors of {@code r·(A + x̂·B)}. */
    private Channels correction(ChannelSums sums, int row, HeapBuffer statistics) {
        Channels correction = standard(row, statistics);
        int width = shape.channels() / shape.groups();
        double elements = (double) shape.cells() * width;
        double[] ofGradient = sums.sums(row * chunks.count(), chunks.count());
        double[] ofProducts = sums.products(row * chunks.count(), chunks.count());
        for (int c = 0; c < shape.channels(); c++) {
            ofGradient[c] *= gamma.array()[gamma.offset() + c];
            ofProducts[c] *= gamma.array()[gamma.offset() + c];
        }
        for (int c = 0; c < shape.channels(); c++) {
            float deviation = correction.scale[c];
            correction.shift[c] = (float) (deviation * sumOf(ofGradient, c / width, width) / elements);
            correction.scale[c] = (float) (deviation * deviation * sumOf(ofProducts, c / width, width) / elements);
        }
        return correction;
    }

    private void forEachRun(RunTask task) {
        int channels = shape.channels();
        workers.run(shape.rows() * chunks.count(), part -> {
            float[] scratch = new float[2 * repeats * channels];
            int row = part / chunks.count();
            int chunk = part % chunks.count();
            int first = row * shape.cells() + chunks.from(chunk);
            int end = first + chunks.length(chunk);
            for (int cell = first; cell < end; cell += repeats) {
                task.run(row, part, cell * channels, Math.min(repeats, end - cell) * channels, scratch);
            }
        });
    }

    /** What is done to a run of cells: its row, the chunk among all rows' chunks, its first element, its elements, and space for two. */
    @FunctionalInterface
    private interface RunTask {
        void run(int row, int part, int at, int n, float[] scratch);
    }
}
