package io.heddle.editing.inversion;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.StableDiffusion;

/**
 * The text of an inversion.
 *
 * @param prompt what the picture shows; for prompt tuning the target of the edit will do
 * @param conditional its encoding {@code [1, tokens, dim]}
 * @param empty the encoding that guidance leads away from, {@code [1, tokens, dim]}
 */
public record SourceText(String prompt, TextEmbedding conditional, TextEmbedding empty) implements AutoCloseable {
    /** A prompt and the empty prompt in a model's encoding. */
    public static SourceText of(StableDiffusion model, String prompt) {
        return new SourceText(prompt, model.encode(prompt), model.encode(""));
    }

    /** Gives back the keys and values that layers made of the encodings. */
    @Override
    public void close() {
        conditional.close();
        empty.close();
    }
}
