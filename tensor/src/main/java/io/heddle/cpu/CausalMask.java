package io.heddle.cpu;

import java.util.Arrays;

/** Keys after the query are never attended to. */
final class CausalMask {
    private CausalMask() {}

    /** Sets the scores of masked keys to −∞, in a tile whose first row is query {@code firstQuery} and whose first column is key {@code firstKey}. */
    static void apply(Matrix scores, int firstQuery, int firstKey) {
        for (int i = 0; i < scores.rows(); i++) {
            int visible = Math.clamp(firstQuery + i + 1L - firstKey, 0, scores.columns());
            int row = scores.offset() + i * scores.stride();
            Arrays.fill(scores.array(), row + visible, row + scores.columns(), Float.NEGATIVE_INFINITY);
        }
    }
}
