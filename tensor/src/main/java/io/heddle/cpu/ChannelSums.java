package io.heddle.cpu;

/** Two sums over cells for each channel, {@code Σ a} and {@code Σ a·b}, accumulated in double: in parts that tasks fill and that are added in order. */
final class ChannelSums {
    private final double[][] sums;
    private final double[][] products;

    /** Zeros. */
    ChannelSums(int parts, int channels) {
        sums = new double[parts][channels];
        products = new double[parts][channels];
    }

    /** The number of parts. */
    int parts() {
        return sums.length;
    }

    /** Adds a cell's elements to a part. */
    void add(Kernels kernels, int part, float[] a, int aFrom, float[] b, int bFrom) {
        kernels.accumulate(a, aFrom, b, bFrom, sums[part], products[part], sums[part].length);
    }

    /** {@code Σ a} over {@code count} parts. */
    double[] sums(int firstPart, int count) {
        return total(sums, firstPart, count);
    }

    /** {@code Σ a·b} over {@code count} parts. */
    double[] products(int firstPart, int count) {
        return total(products, firstPart, count);
    }

    private static double[] total(double[][] parts, int first, int count) {
        double[] total = new double[parts[first].length];
        for (int part = first; part < first + count; part++) {
            for (int i = 0; i < total.length; i++) {
                total[i] += parts[part][i];
            }
        }
        return total;
    }
}
