package io.heddle.editing.p2p;

import io.heddle.clip.Tokenizer;
import io.heddle.clip.Word;
import io.heddle.clip.Words;
import java.util.Arrays;
import java.util.List;

/**
 * A prompt as the edits see it.
 *
 * @param text as the user wrote it
 * @param ids its tokens, with begin and end and without padding
 * @param words where the tokens of its words stand
 * @param reference whether words are told apart as the published code does
 */
record Prompt(String text, List<Integer> ids, Words words, boolean reference) {
    /** The tokens of a text; what does not fit in the context is cut off, as in the ids of a {@linkplain Tokenizer#encodeTruncated truncated} prompt. */
    static Prompt of(String text, Tokenizer tokenizer, boolean reference) {
        int[] all = tokenizer.encode(text);
        int[] fitting = all.length > tokenizer.contextLength() ? tokenizer.encodeTruncated(text) : all;
        Words words = reference ? Words.reference(tokenizer, text) : Words.exact(tokenizer, text);
        return new Prompt(text, Arrays.stream(fitting).boxed().toList(), words, reference);
    }

    /** The number of tokens, with begin and end. */
    int length() {
        return ids.size();
    }

    /** Where the tokens of a word stand; empty if the prompt does not hold it. */
    List<Integer> positions(String word) {
        return words.positions(word).stream().filter(this::isText).toList();
    }

    /**
     * As {@link #positions}, for a word that must be there. The published code goes on without it.
     *
     * @throws IllegalArgumentException if the prompt does not hold it, or only where it is cut off
     */
    List<Integer> required(String word) {
        List<Integer> positions = positions(word);
        if (positions.isEmpty() && !reference) {
            throw new IllegalArgumentException("the word \"" + word + "\" begins at token " + words.require(word).getFirst() + " of \"" + text
                    + "\", of which the model reads " + (length() - 2) + ": write it earlier, or shorten the prompt");
        }
        return positions;
    }

    /** Its words. Those of no token are left out, but not where the published code counts them. */
    List<Word> list() {
        return words.list().stream()
                .filter(word -> word.positions().stream().allMatch(this::isText))
                .filter(word -> reference || !word.positions().isEmpty())
                .toList();
    }

    /** The tokens of a word. */
    List<Integer> ids(Word word) {
        return word.positions().stream().map(ids::get).toList();
    }

    /** Where the tokens of a word begin, by its number; those of the word behind the last begin where the end token stands. */
    int start(int word) {
        List<Word> list = list();
        if (word == list.size()) {
            return length() - 1;
        }
        if (list.get(word).positions().isEmpty()) {
            throw new IllegalArgumentException("the published code finds no tokens for the word \"" + list.get(word).text() + "\" of \"" + text
                    + "\": write single spaces between the words");
        }
        return list.get(word).positions().getFirst();
    }

    /** How many tokens some words have together. */
    int tokens(int firstWord, int count) {
        return list().subList(firstWord, firstWord + count).stream().mapToInt(word -> word.positions().size()).sum();
    }

    private boolean isText(int position) {
        return position < length() - 1;
    }
}
