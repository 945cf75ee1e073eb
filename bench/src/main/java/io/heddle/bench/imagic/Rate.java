package io.heddle.bench.imagic;

import java.util.Locale;

/**
 * A share of items.
 *
 * @param hits how many
 * @param count of how many
 */
record Rate(int hits, int count) {
    private static final double NORMAL_95 = 1.959964;

    double value() {
        return hits / (double) count;
    }

    /** The share with its interval of 95 % confidence. Wilson 1927. */
    @Override
    public String toString() {
        if (count == 0) {
            return "";
        }
        double square = NORMAL_95 * NORMAL_95 / count;
        double middle = (value() + square / 2) / (1 + square);
        double half = NORMAL_95 * Math.sqrt(value() * (1 - value()) / count + square / (4 * count)) / (1 + square);
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", value(), Math.max(0, middle - half), Math.min(1, middle + half));
    }
}
