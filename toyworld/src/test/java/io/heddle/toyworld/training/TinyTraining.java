package io.heddle.toyworld.training;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.heddle.weights.Component;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The embedded model's training at sizes that take seconds. */
final class TinyTraining {
    private static final Gson JSON = new Gson();
    private static final int STEPS = 40;
    private static final int BATCH = 4;
    private static final int CROP = 16;
    private static final int POOL = 8;
    private static final int VALIDATION = 4;
    private static final int SHARDS = 2;

    private TinyTraining() {}

    static TrainingSettings settings(long seed) {
        Recipe autoencoder = new Recipe(BATCH, STEPS, 2e-3, 4, 1e-3, 0);
        Recipe denoiser = new Recipe(BATCH, STEPS, 2e-3, 4, 0.01, 0.9);
        Recipe pairs = new Recipe(BATCH, STEPS, 1e-3, 4, 0.01, 0.9);
        Recipe decoder = new Recipe(SHARDS, STEPS, 1e-3, 4, 1e-3, 0.9);
        return new TrainingSettings(architecture(), seed, autoencoder, denoiser, pairs, pairs, decoder, CROP, POOL, POOL, VALIDATION, SHARDS);
    }

    private static Architecture architecture() {
        JsonObject vae = Architecture.read("vae.json");
        set(vae, "block_out_channels", List.of(8, 8, 8, 8));
        set(vae, "down_block_types", Collections.nCopies(4, "DownEncoderBlock2D"));
        set(vae, "up_block_types", Collections.nCopies(4, "UpDecoderBlock2D"));
        set(vae, "norm_num_groups", 4);
        JsonObject unet = Architecture.read("unet.json");
        set(unet, "sample_size", 16);
        set(unet, "block_out_channels", List.of(8, 16));
        set(unet, "attention_head_dim", List.of(2, 2));
        set(unet, "down_block_types", List.of("DownBlock2D", "CrossAttnDownBlock2D"));
        set(unet, "up_block_types", List.of("CrossAttnUpBlock2D", "UpBlock2D"));
        set(unet, "norm_num_groups", 4);
        set(unet, "cross_attention_dim", 16);
        JsonObject text = Architecture.read("text_encoder.json");
        set(text, "hidden_size", 16);
        set(text, "intermediate_size", 32);
        set(text, "num_hidden_layers", 1);
        set(text, "num_attention_heads", 2);
        return new Architecture(Map.of(Component.TEXT_ENCODER, text, Component.UNET, unet, Component.VAE, vae), 1, 1, 1);
    }

    private static void set(JsonObject object, String key, Object value) {
        object.add(key, JSON.toJsonTree(value));
    }
}
