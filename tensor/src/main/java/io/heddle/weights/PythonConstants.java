package io.heddle.weights;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers that JSON does not have and Python's writer puts into configurations all the same, without quotes: {@code -Infinity}, {@code Infinity} and
 * {@code NaN}.
 */
final class PythonConstants {
    private static final Pattern MARK = Pattern.compile("\\\\.|\"|(-?Infinity|NaN)", Pattern.DOTALL);

    private PythonConstants() {}

    /** The same text with each such number as a string. */
    static byte[] quoted(byte[] json) {
        // One character for each byte: the marks are ASCII, and the rest comes back as it was, UTF-8 or not.
        Matcher mark = MARK.matcher(new String(json, StandardCharsets.ISO_8859_1));
        StringBuilder text = new StringBuilder();
        boolean inString = false;
        while (mark.find()) {
            inString ^= mark.group().equals("\"");
            mark.appendReplacement(text, mark.group(1) != null && !inString ? "\"$0\"" : "$0");
        }
        return mark.appendTail(text).toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
