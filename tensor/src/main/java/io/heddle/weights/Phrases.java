package io.heddle.weights;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Parts of error messages that stay on one line and of bounded length whatever a file contains. */
final class Phrases {
    private static final int LONGEST_NAME = 160;
    private static final int LONGEST_LIST = 40;

    private Phrases() {}

    /** A name from a file: control characters replaced, long ones cut. */
    static String name(String text) {
        String cut = text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "... (" + text.length() + " characters)";
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The names separated by commas; of very many only the first. */
    static String list(Collection<String> names) {
        String shown = names.stream().limit(LONGEST_LIST).map(Phrases::name).collect(Collectors.joining(", "));
        return names.size() <= LONGEST_LIST ? shown : shown + " and " + count(names.size() - LONGEST_LIST) + " more";
    }

    /** As {@link #list}, or a word for no names at all. */
    static String listOrNothing(Collection<String> names) {
        return names.isEmpty() ? "nothing" : list(names);
    }

    /** A number with thousands separated. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
