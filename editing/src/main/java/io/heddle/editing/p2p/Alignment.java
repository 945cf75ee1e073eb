package io.heddle.editing.p2p;

import java.util.Arrays;
import java.util.List;

/**
 * Global alignment of two sequences: equal elements score 1, different ones −1, a gap 0, so different elements are never aligned and the result is a
 * longest common subsequence. Of several, the one of the earliest occurrences in the source. Needleman and Wunsch 1970.
 */
final class Alignment {
    /** An element of the target without a partner. */
    static final int NONE = -1;

    private Alignment() {}

    /** For each element of the target the index of its partner in the source, or {@link #NONE}. */
    static int[] align(List<?> source, List<?> target) {
        int[][] best = new int[source.size() + 1][target.size() + 1];
        for (int i = 1; i <= source.size(); i++) {
            for (int j = 1; j <= target.size(); j++) {
                best[i][j] = Math.max(Math.max(best[i][j - 1], best[i - 1][j]), best[i - 1][j - 1] + score(source, i, target, j));
            }
        }
        int[] partner = new int[target.size()];
        Arrays.fill(partner, NONE);
        int i = source.size();
        int j = target.size();
        while (i > 0 && j > 0) {
            if (best[i][j] == best[i][j - 1]) {
                j--;
            } else if (best[i][j] == best[i - 1][j]) {
                i--;
            } else {
                partner[--j] = --i;
            }
        }
        return partner;
    }

    private static int score(List<?> source, int i, List<?> target, int j) {
        return source.get(i - 1).equals(target.get(j - 1)) ? 1 : -1;
    }
}
