package io.heddle.weights;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The names that a misspelt one may have meant: smallest edit distance first (Levenshtein 1966). */
final class NearestNames {
    private static final int SHOWN = 3;
    private static final int LONGEST = 200;
    private static final int MOST = 5000;

    private record Candidate(String name, int distance) {}

    private NearestNames() {}

    /** Up to three of {@code names} that differ from {@code wanted} in less than half of its characters. */
    static List<String> of(String wanted, Collection<String> names) {
        if (wanted.length() > LONGEST) {
            return List.of();
        }
        return names.stream()
                .filter(name -> Math.abs(name.length() - wanted.length()) <= wanted.length() / 2)
                .limit(MOST)
                .map(name -> new Candidate(name, distance(wanted, name)))
                .filter(candidate -> candidate.distance <= wanted.length() / 2)
                .sorted(Comparator.comparingInt(Candidate::distance))
                .limit(SHOWN)
                .map(Candidate::name)
                .toList();
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substituted, 1 + Math.min(previous[j], current[j - 1]));
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
