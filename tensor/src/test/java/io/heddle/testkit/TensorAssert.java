package io.heddle.testkit;

import org.opentest4j.AssertionFailedError;

/** Comparisons of arrays of elements. Failures say which element is off, and by how much, against what was allowed. */
public final class TensorAssert {
    private TensorAssert() {}

    /** {@link #assertClose(String, double[], double[], double[], Tolerance)} with the expected values as magnitudes. */
    public static double assertClose(String what, double[] actual, double[] expected, Tolerance tolerance) {
        return assertClose(what, actual, expected, expected, tolerance);
    }

    /** The same in float32. */
    public static double assertClose(String what, float[] actual, float[] expected, Tolerance tolerance) {
        return assertClose(what, doubles(actual), doubles(expected), tolerance);
    }

    /**
     * Every element lies within the tolerance; NaN equals NaN, and what overflows float32 equals infinity.
     *
     * @param what the thing compared, with the seed of its inputs
     * @param magnitudes for each element the magnitude that the tolerance refers to
     * @return the largest error as a share of what is allowed
     */
    public static double assertClose(String what, double[] actual, double[] expected, double[] magnitudes, Tolerance tolerance) {
        requireSameLength(what, actual.length, expected.length);
        double maximum = maximum(expected);
        int wrong = 0;
        int worst = 0;
        double worstShare = 0;
        double largest = 0;
        double largestRelative = 0;
        for (int i = 0; i < actual.length; i++) {
            double error = error(actual[i], expected[i]);
            double share = error / tolerance.bound(Math.abs(magnitudes[i]), maximum);
            largest = Math.max(largest, error);
            largestRelative = Math.max(largestRelative, error == 0 ? 0 : error / Math.abs(expected[i]));
            wrong += share > 1 ? 1 : 0;
            if (share > worstShare) {
                worst = i;
                worstShare = share;
            }
        }
        if (wrong > 0) {
            throw new AssertionFailedError(
                    ("%s: %d of %d elements are off; the worst, [%d], is %.9g and should be %.9g ± %.3g, %.3g times the tolerance; "
                            + "largest error %.3g absolute, %.3g relative, %.3g of the maximum %.3g")
                            .formatted(what, wrong, actual.length, worst, actual[worst], expected[worst],
                                    tolerance.bound(Math.abs(magnitudes[worst]), maximum), worstShare, largest, largestRelative, largest / maximum,
                                    maximum));
        }
        return worstShare;
    }

    /** The root mean square of the errors is at most {@code bound}; single elements may be further off. */
    public static void assertRootMeanSquareClose(String what, float[] actual, float[] expected, double bound) {
        requireSameLength(what, actual.length, expected.length);
        double squares = 0;
        for (int i = 0; i < actual.length; i++) {
            squares += (actual[i] - (double) expected[i]) * (actual[i] - (double) expected[i]);
        }
        double error = Math.sqrt(squares / actual.length);
        if (!(error <= bound)) {
            throw new AssertionFailedError("%s: the root mean square of the errors is %.3g, and %.3g is allowed".formatted(what, error, bound));
        }
    }

    /** The errors' root mean square is at most {@code bound} of the expected values' own: the relative distance in the Euclidean norm. */
    public static void assertRelativelyClose(String what, float[] actual, float[] expected, double bound) {
        requireSameLength(what, actual.length, expected.length);
        double errors = 0;
        double squares = 0;
        for (int i = 0; i < actual.length; i++) {
            errors += (actual[i] - (double) expected[i]) * (actual[i] - (double) expected[i]);
            squares += (double) expected[i] * expected[i];
        }
        double distance = Math.sqrt(errors / squares);
        if (!(distance <= bound)) {
            throw new AssertionFailedError("%s: the relative distance is %.3g, and %.3g is allowed".formatted(what, distance, bound));
        }
    }

    /** Every element has the expected bits; all NaNs are the same. */
    public static void assertSameBits(String what, float[] actual, float[] expected) {
        requireSameLength(what, actual.length, expected.length);
        int wrong = 0;
        int first = -1;
        for (int i = actual.length - 1; i >= 0; i--) {
            if (Float.floatToIntBits(actual[i]) != Float.floatToIntBits(expected[i])) {
                wrong++;
                first = i;
            }
        }
        if (wrong > 0) {
            throw new AssertionFailedError("%s: %d of %d elements have other bits; the first, [%d], is %.9g and should be %.9g"
                    .formatted(what, wrong, actual.length, first, actual[first], expected[first]));
        }
    }

    /** Float32 values as doubles. */
    public static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static double error(double actual, double expected) {
        if (Double.isNaN(expected) || Double.isNaN(actual)) {
            return Double.isNaN(expected) && Double.isNaN(actual) ? 0 : Double.POSITIVE_INFINITY;
        }
        boolean same = Double.isInfinite(actual) && actual == (float) expected;
        return same ? 0 : Math.abs(actual - expected);
    }

    private static double maximum(double[] values) {
        double maximum = 0;
        for (double value : values) {
            maximum = Double.isFinite(value) ? Math.max(maximum, Math.abs(value)) : maximum;
        }
        return maximum;
    }

    private static void requireSameLength(String what, int actual, int expected) {
        if (actual != expected) {
            throw new AssertionFailedError("%s: %d elements, expected %d".formatted(what, actual, expected));
        }
    }
}
