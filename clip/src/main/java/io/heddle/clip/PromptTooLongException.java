package io.heddle.clip;

/** A prompt has more tokens than the text encoder has positions. */
public final class PromptTooLongException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String word;

    PromptTooLongException(int tokens, int places, String word) {
        super("the prompt has " + tokens + " tokens but the model takes " + places + ": the first word that does not fit is \"" + word
                + "\"; shorten the prompt or truncate it");
        this.word = word;
    }

    /** The first word that does not fit. */
    public String word() {
        return word;
    }
}
