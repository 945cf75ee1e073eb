package io.heddle.bench;

import java.util.List;

/**
 * A mean and what it may be with 95 % confidence.
 *
 * @param n number of items
 * @param mean of the items
 * @param low lower end
 * @param high upper end
 */
public record Interval(int n, double mean, double low, double high) {
    private static final double Z = 1.959963984540054;

    /** Of a share of {@code n} items. Wilson 1927. */
    public static Interval ofShare(double share, int n) {
        double square = Z * Z / n;
        double middle = (share + square / 2) / (1 + square);
        double half = Z * Math.sqrt(share * (1 - share) / n + square / (4 * n)) / (1 + square);
        return new Interval(n, share, Math.max(0, middle - half), Math.min(1, middle + half));
    }

    /** Of a mean, by the standard error; of a single item the item. */
    public static Interval ofMean(List<Double> items) {
        int n = items.size();
        double mean = mean(items);
        double squares = items.stream().mapToDouble(item -> (item - mean) * (item - mean)).sum();
        double half = n == 1 ? 0 : Z * Math.sqrt(squares / (n - 1) / n);
        return new Interval(n, mean, mean - half, mean + half);
    }

    /** This interval without what lies beyond the least and the greatest value that there can be. */
    public Interval within(double least, double greatest) {
        return new Interval(n, mean, Math.max(least, low), Math.min(greatest, high));
    }

    /** The mean of at least one item. */
    public static double mean(List<Double> items) {
        return items.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
