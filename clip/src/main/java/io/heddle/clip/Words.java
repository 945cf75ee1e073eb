package io.heddle.clip;

import java.util.List;
import java.util.stream.Collectors;

/** The words of a prompt and where their tokens stand in the encoded sequence. */
public sealed interface Words permits ExactWords, ReferenceWords {
    /** The words in the order of the prompt. */
    List<Word> list();

    /** The positions of the tokens of every occurrence of {@code word}, in increasing order; empty where the prompt does not hold it. */
    List<Integer> positions(String word);

    /**
     * As {@link #positions}, for a word that must be there.
     *
     * @throws IllegalArgumentException if the prompt does not hold it; the message lists the words it holds
     */
    default List<Integer> require(String word) {
        List<Integer> positions = positions(word);
        if (positions.isEmpty()) {
            throw new IllegalArgumentException("the word \"" + word + "\" is not in the prompt; its words are: "
                    + list().stream().map(Word::text).collect(Collectors.joining(" ")));
        }
        return positions;
    }

    /**
     * Words by the characters their tokens were made of. A word is what stands between blanks. {@link #positions} finds words and phrases whatever their
     * case and whatever punctuation stands beside them ({@code burger} in {@code a Burger, please}), but not inside longer words.
     */
    static Words exact(Tokenizer tokenizer, String prompt) {
        return new ExactWords(prompt, tokenizer.tokenize(prompt));
    }

    /**
     * Words as the published Prompt-to-Prompt code finds them, which counts the characters of decoded tokens: the prompt is split at single spaces, words
     * are equal to the letter, two spaces in a row shift every word behind them, and {@code #} at the ends of a token is not counted. Hertz et al. 2022,
     * {@code get_word_inds}.
     *
     * <p>Where that code runs past the last word, asking for a word throws {@link IllegalArgumentException}.
     */
    static Words reference(Tokenizer tokenizer, String prompt) {
        return ReferenceWords.walk(tokenizer, prompt);
    }
}
