package io.heddle.clip;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in the form that the tokenizer reads, Unicode NFC in lower case, which still knows where each of its characters comes from. The composition is
 * done for one grapheme at a time: none reaches over the border of two.
 */
final class NormalizedText {
    private static final Pattern GRAPHEME = Pattern.compile("\\X");
    private static final int CAPITAL_I_WITH_DOT = 0x130;

    private final StringBuilder text;
    private int[] starts;
    private int[] ends;

    private NormalizedText(int capacity) {
        text = new StringBuilder(capacity);
        starts = new int[capacity];
        ends = new int[capacity];
    }

    /** Normalises the characters {@code start} to {@code end} (exclusive) of {@code source}. */
    static NormalizedText of(String source, int start, int end) {
        NormalizedText normalized = new NormalizedText(end - start);
        Matcher graphemes = GRAPHEME.matcher(source).region(start, end);
        while (graphemes.find()) {
            Normalizer.normalize(graphemes.group(), Normalizer.Form.NFC)
                    .codePoints()
                    .forEach(codePoint -> normalized.append(codePoint, graphemes.start(), graphemes.end()));
        }
        return normalized;
    }

    static NormalizedText of(String source) {
        return of(source, 0, source.length());
    }

    /** The normalised characters. */
    String text() {
        return text.toString();
    }

    /** Where the grapheme that became character {@code index} starts in the source. */
    int sourceStart(int index) {
        return starts[index];
    }

    /** Where the grapheme that became character {@code index} ends in the source, exclusive. */
    int sourceEnd(int index) {
        return ends[index];
    }

    private void append(int codePoint, int start, int end) {
        int from = text.length();
        if (codePoint == CAPITAL_I_WITH_DOT) {
            text.append("i\u0307");
        } else {
            text.appendCodePoint(Character.toLowerCase(codePoint));
        }
        if (text.length() > starts.length) {
            starts = Arrays.copyOf(starts, 2 * text.length());
            ends = Arrays.copyOf(ends, 2 * text.length());
        }
        Arrays.fill(starts, from, text.length(), start);
        Arrays.fill(ends, from, text.length(), end);
    }
}
