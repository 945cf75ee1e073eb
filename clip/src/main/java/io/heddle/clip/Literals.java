package io.heddle.clip;

import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tokens that are cut out of a text before anything else happens; where several begin at one place, the longest wins. */
final class Literals {
    private final Map<String, Integer> ids;
    private final Pattern any;

    /** Takes a stretch of text without literals. */
    @FunctionalInterface
    interface Stretch {
        void accept(int start, int end);
    }

    /** Takes a literal. */
    @FunctionalInterface
    interface Found {
        void accept(int id, int start, int end);
    }

    Literals(Map<String, Integer> ids) {
        this.ids = Map.copyOf(ids);
        any = Pattern.compile(ids.keySet().stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    }

    /** Hands over the stretches between literals and the literals, from left to right. */
    void split(String text, Stretch stretch, Found found) {
        int from = 0;
        if (!ids.isEmpty()) {
            for (Matcher literal = any.matcher(text); literal.find(); from = literal.end()) {
                stretch.accept(from, literal.start());
                found.accept(ids.get(literal.group()), literal.start(), literal.end());
            }
        }
        stretch.accept(from, text.length());
    }
}
