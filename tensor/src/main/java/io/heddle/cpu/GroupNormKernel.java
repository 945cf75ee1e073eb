package io.heddle.cpu;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Normalization.GroupNormShape;
import io.heddle.spi.UnaryOp;

/**
 * Group normalisation, {@code y = act(x̂·γ + β)} with {@code x̂ = (x − μ)·r} and {@code r = (σ² + ε)^−½}. The cells of a row are cut into chunks of a
 * size that only the row's own shape decides; a chunk is traversed channels innermost, as it lies in memory.
 */
final class GroupNormKernel {
    private final Workers workers;
    private final Kernels kernels;
    private final GroupNormShape shape;
    private final HeapBuffer x;
    private final HeapBuffer gamma;
    private final HeapBuffer beta;
    private final boolean silu;
    private final Chunks chunks;

    GroupNormKernel(Workers workers, Kernels kernels, GroupNormShape shape, HeapBuffer x, HeapBuffer gamma, HeapBuffer beta, boolean silu) {
        this.workers = workers;
        this.kernels = kernels;
        this.shape = shape;
        this.x = x;
        this.gamma = gamma;
        this.beta = beta;
        this.silu = silu;
        this.chunks = Chunks.ofRuns(shape.cells(), shape.channels());
    }

    /** Factors of the channels of one row: {@code (x − mean)·scale + shift}. */
    private record Channels(float[] mean, float[] scale, float[] shift) {
        static Channels of(int channels) {
            return new Channels(new float[channels], new float[channels], new float[channels]);
        }

        /** Of the cell that begins at element {@code from} of {@code x}. */
        void apply(Kernels kernels, HeapBuffer x, int from, float[] y, int to) {
            kernels.standardizeEach(x.array(), x.offset() + from, mean, scale, shift, y, to, mean.length);
        }
    }

    void forward(float epsilon, HeapBuffer y, HeapBuffer statistics) {
        ChannelSums sums = new ChannelSums(shape.rows() * chunks.count(), shape.channels());
        forEachCell((row, part, at, scratch) -> sums.add(kernels, part, x.array(), x.offset() + at, x.array(), x.offset() + at));
        Channels[] output = new Channels[shape.rows()];
        for (int row = 0; row < output.length; row++) {
            output[row] = moments(sums, row, epsilon, statistics);
        }
        forEachCell((row, part, at, scratch) -> {
            output[row].apply(kernels, x, at, y.array(), y.offset() + at);
            if (silu) {
                kernels.unary(UnaryOp.SILU, y.array(), y.offset() + at, y.array(), y.offset() + at, shape.channels());
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
     * Over all rows these are the gradients of {@code β} and {@code γ}.
     */
    ChannelSums gradientSums(HeapBuffer statistics, HeapBuffer dy) {
        ChannelSums sums = new ChannelSums(shape.rows() * chunks.count(), shape.channels());
        Channels[] output = new Channels[shape.rows()];
        Channels[] standard = new Channels[shape.rows()];
        for (int row = 0; row < output.length; row++) {
            output[row] = output(row, statistics);
            standard[row] = standard(row, statistics);
        }
        int channels = shape.channels();
        forEachCell((row, part, at, scratch) -> {
            beforeActivation(output[row], at, dy, scratch);
            standard[row].apply(kernels, x, at, scratch, channels);
            sums.add(kernels, part, scratch, 0, scratch, channels);
        });
        return sums;
    }

    /** {@code dx = r·(ŷγ − A − x̂·B)} with {@code A} and {@code B} the means of {@code ŷγ} and {@code ŷγ·x̂} over the group. */
    void inputGradient(ChannelSums sums, HeapBuffer statistics, HeapBuffer dy, HeapBuffer dx) {
        Channels[] output = new Channels[shape.rows()];
        Channels[] correction = new Channels[shape.rows()];
        for (int row = 0; row < output.length; row++) {
            output[row] = output(row, statistics);
            correction[row] = correction(sums, row, statistics);
        }
        int channels = shape.channels();
        forEachCell((row, part, at, scratch) -> {
            int to = dx.offset() + at;
            beforeActivation(output[row], at, dy, scratch);
            correction[row].apply(kernels, x, at, dx.array(), to);
            kernels.binary(BinaryOp.MULTIPLY, scratch, 0, output[row].scale, 0, scratch, 0, channels);
            kernels.binary(BinaryOp.SUBTRACT, scratch, 0, dx.array(), to, dx.array(), to, channels);
        });
    }

    /** A cell's gradient before the activation, into the first half of {@code scratch}. */
    private void beforeActivation(Channels output, int at, HeapBuffer dy, float[] scratch) {
        int channels = shape.channels();
        if (silu) {
            output.apply(kernels, x, at, scratch, 0);
            kernels.derivative(UnaryOp.SILU, scratch, 0, scratch, 0, channels);
            kernels.binary(BinaryOp.MULTIPLY, scratch, 0, dy.array(), dy.offset() + at, scratch, 0, channels);
        } else {
            System.arraycopy(dy.array(), dy.offset() + at, scratch, 0, channels);
        }
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

    private void forEachCell(CellTask task) {
        workers.run(shape.rows() * chunks.count(), part -> {
            float[] scratch = new float[2 * shape.channels()];
            int row = part / chunks.count();
            int chunk = part % chunks.count();
            int first = row * shape.cells() + chunks.from(chunk);
            for (int cell = first; cell < first + chunks.length(chunk); cell++) {
                task.run(row, part, cell * shape.channels(), scratch);
            }
        });
    }

    /** What is done to a cell: its row, the chunk among all rows' chunks, its first element, and space for two cells. */
    @FunctionalInterface
    private interface CellTask {
        void run(int row, int part, int at, float[] scratch);
    }
}
