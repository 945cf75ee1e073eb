package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import java.util.List;

/**
 * A way to make a picture editable. All start alike: DDIM inversion, unguided, leads the picture's latent to noise. They differ in the text it is led
 * with, and in how sampling under guidance, which an edit needs, is kept on the way back.
 */
public sealed interface InversionMethod
        permits DdimInversion, DirectInversion, NegativePromptInversion, NullTextInversion, PromptTuningInversion {
    /** The name in recipes and on the command line. */
    String key();

    /** The method's settings, for recipes. */
    default JsonObject settings() {
        return new JsonObject();
    }

    /** The text under which the picture becomes noise. */
    TextEmbedding pivot(SourceText text);

    /**
     * Refuses a number of steps in which the method makes no sense.
     *
     * @throws IllegalArgumentException if it does not
     */
    default void requireSteps(int steps) {}

    /** Goes the way back as an edit's source will. */
    void reconstruct(InversionRun run);

    /**
     * The text of an edit.
     *
     * @param targets numbered from 1; the source is prompt 0
     * @param tuned the embedding of each step; empty if the method has none
     */
    Conditioning conditioning(SourceText text, List<TextEmbedding> targets, StepEmbeddings tuned);

    /** Whether the source's latents are led back by setting them to the trajectory's after each step. */
    default boolean pins() {
        return false;
    }

    /** Whether the embeddings hold only under the guidance that they were made for. */
    default boolean tunes() {
        return false;
    }

    /** The method of a name, with its standard settings. */
    static InversionMethod of(String key) {
        return switch (key) {
            case NullTextInversion.KEY -> new NullTextInversion(Tuning.NULL_TEXT);
            case PromptTuningInversion.KEY -> new PromptTuningInversion(Tuning.PROMPT_TUNING);
            default -> of(key, new JsonObject());
        };
    }

    /** The method that a recipe names. */
    static InversionMethod of(String key, JsonObject settings) {
        return switch (key) {
            case DdimInversion.KEY -> new DdimInversion();
            case DirectInversion.KEY -> new DirectInversion();
            case NegativePromptInversion.KEY -> new NegativePromptInversion();
            case NullTextInversion.KEY -> new NullTextInversion(Tuning.of(settings));
            case PromptTuningInversion.KEY -> new PromptTuningInversion(Tuning.of(settings));
            default -> throw new IllegalArgumentException("the inversion method " + key
                    + " is unknown; choose ddim, null-text, negative-prompt, direct or prompt-tuning");
        };
    }
}
