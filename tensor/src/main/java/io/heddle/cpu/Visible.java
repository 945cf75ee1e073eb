package io.heddle.cpu;

import java.util.Arrays;

/** Which keys a query sees. */
final class Visible {
    private Visible() {}

    /**
     * Sets scores to −∞ that do not count: those of columns from {@code keys} on, and in row {@code i} those after column {@code diagonal + i}.
     *
     * @param diagonal the last column that the first query sees
     */
    static void mask(Matrix scores, int keys, int diagonal) {
        for (int i = 0; i < scores.rows(); i++) {
            int visible = Math.clamp(diagonal + i + 1L, 0, keys);
            if (visible < scores.columns()) {
                int row = scores.offset() + i * scores.stride();
                Arrays.fill(scores.array(), row + visible, row + scores.columns(), Float.NEGATIVE_INFINITY);
            }
        }
    }
}
