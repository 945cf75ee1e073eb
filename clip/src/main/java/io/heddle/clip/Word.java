package io.heddle.clip;

import java.util.List;

/**
 * One word of a prompt and the tokens it became.
 *
 * @param text the word as it was written, punctuation included
 * @param start its first character (UTF-16 index) in the prompt
 * @param positions where its tokens stand in the encoded sequence, in which the begin token has position 0
 */
public record Word(String text, int start, List<Integer> positions) {
    /** Copies the positions. */
    public Word {
        positions = List.copyOf(positions);
    }

    /** The character after the last one, in the prompt. */
    public int end() {
        return start + text.length();
    }
}
