package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

/** Seeded buffers, and comparisons of them. */
final class Values {
    private final Random random;

    Values(long seed) {
        this.random = new Random(seed);
    }

    /** Normally distributed elements, somewhere inside an array. */
    HeapBuffer normal(int length) {
        float[] array = new float[length + 5];
        for (int i = 0; i < array.length; i++) {
            array[i] = (float) random.nextGaussian();
        }
        return new HeapBuffer(array, 3, length);
    }

    /** Elements that a kernel must overwrite. */
    static HeapBuffer unwritten(int length) {
        float[] array = new float[length + 7];
        Arrays.fill(array, Float.NaN);
        return new HeapBuffer(array, 4, length);
    }

    static float[] copy(HeapBuffer buffer) {
        return Arrays.copyOfRange(buffer.array(), buffer.offset(), buffer.offset() + buffer.size());
    }

    /** The largest difference is at most {@code tolerance} times the largest expected magnitude. */
    static void assertClose(HeapBuffer actual, double[] expected, double tolerance, String what) {
        assertThat(actual.size()).isEqualTo(expected.length);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual.array()[actual.offset() + i] - expected[i]))
                    .as("%s, element %d", what, i)
                    .isLessThanOrEqualTo(tolerance * largest);
        }
    }
}
