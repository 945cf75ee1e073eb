package io.heddle.clip;

import io.heddle.weights.ConfigReader;
import java.util.Locale;

/**
 * The sizes of a CLIP text encoder.
 *
 * @param vocabularySize number of token ids
 * @param width features of a token
 * @param feedForwardWidth features between the two layers of the feed-forward network
 * @param layers transformer layers
 * @param heads attention heads
 * @param contextLength tokens of a padded prompt
 * @param activation of the feed-forward network
 * @param epsilon of the layer normalisations
 * @param projectionWidth features of the pooled text after the projection, where the checkpoint has one
 * @param endOfText id by which the pooled position is found; 2 stands for the largest id in the prompt, as all Stable Diffusion files have it
 */
public record ClipTextConfig(
        int vocabularySize,
        int width,
        int feedForwardWidth,
        int layers,
        int heads,
        int contextLength,
        Activation activation,
        float epsilon,
        int projectionWidth,
        int endOfText) {
    /** The activations of CLIP's feed-forward networks. */
    public enum Activation {
        /** {@code x·σ(1.702·x)}, OpenAI's. */
        QUICK_GELU,
        /** {@code x·Φ(x)}, OpenCLIP's. */
        GELU
    }

    /**
     * Reads {@code text_encoder/config.json}, with the reference library's defaults for absent keys.
     *
     * @throws io.heddle.weights.WeightException if a value is malformed or not supported
     */
    public static ClipTextConfig of(ConfigReader config) {
        int width = config.size("hidden_size", 512);
        int heads = config.size("num_attention_heads", 8);
        if (width % heads != 0) {
            throw config.invalid("hidden_size", "divisible by num_attention_heads " + heads);
        }
        int vocabularySize = config.size("vocab_size", 49408);
        return new ClipTextConfig(
                vocabularySize,
                width,
                config.size("intermediate_size", 2048),
                config.size("num_hidden_layers", 12),
                heads,
                config.size("max_position_embeddings", 77),
                config.choice("hidden_act", Activation.QUICK_GELU, a -> a.name().toLowerCase(Locale.ROOT)),
                (float) config.positiveNumber("layer_norm_eps", 1e-5),
                config.size("projection_dim", 512),
                config.integer("eos_token_id", 49407, 0, Integer.MAX_VALUE));
    }
}
