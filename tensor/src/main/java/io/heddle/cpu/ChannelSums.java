package io.heddle.cpu;

/** Two sums over cells for each channel, {@code Σ a} and {@code Σ a·b}, accumulated in double: in parts that tasks fill and that are added in order. */
final class ChannelSums {
    private final double[][] sums;
    private final double[][] products;
    private final int channels;

    /** Zeros, for runs of up to {@code cells} cells. */
    ChannelSums(int parts, int channels, int cells) {
        this.channels = channels;
        sums = new double[parts][cells * channels];
        products = new double[parts][cells * channels];
    }

    /** The number of parts. */
    int parts() {
        return sums.length;
    }

    /** Adds a run of {@code n} elements of whole cells to a part. */
    void add(Kernels kernels, int part, float[] a, int aFrom, float[] b, int bFrom, int n) {
        kernels.accumulate(a, aFrom, b, bFrom, sums[part], products[part], n);
    }

    /** {@code Σ a} over {@code count} parts. */
    double[] sums(int firstPart, int count) {
        return total(sums, firstPart, count);
    }

    /** {@code Σ a·b} over {@code count} parts. */
    double[] products(int firstPart, int count) {
        return total(products, firstPart, count);
    }

    private double[] total(double[][] parts, int first, int count) {
        double[] total = new double[channels];
        for (int part = first; part < first + count; part++) {
            for (int cell = 0; cell < parts[part].length; cell += channels) {
                for (int i = 0; i < channels; i++) {
                    total[i] += parts[part][cell + i];
                }
            }
        }
        return total;
    }
}
