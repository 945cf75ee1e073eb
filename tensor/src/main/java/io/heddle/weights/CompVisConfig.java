package io.heddle.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.heddle.weights.CompVisCheckpoint.Family;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The configuration files that a single-file checkpoint lacks: sizes are read off the shapes of the tensors, whatever shapes cannot tell is as in the
 * published models of the family.
 *
 * @param family the generation of Stable Diffusion
 * @param velocity whether the model predicts velocity, as those of Stable Diffusion 2 for pictures of 768 pixels do
 * @param tensors the tensors of one network under the names of the folder layout
 */
record CompVisConfig(Family family, boolean velocity, Checkpoint tensors) {
    private static final int HEADS_1 = 8;
    private static final int HEAD_WIDTH = 64;
    private static final int LATENT_SIZE = 64;
    private static final int LATENT_SIZE_768 = 96;
    private static final int PICTURE_SIZE = 512;
    private static final String TEXT_KEYS = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight";

    /** The configuration of the network. */
    ConfigReader of(Component component) {
        return ConfigReader.of(
                "the " + component.folder() + " configuration derived from " + tensors.origin(),
                switch (component) {
                    case UNET -> unet();
                    case VAE -> vae();
                    case TEXT_ENCODER -> text();
                });
    }

    /** The noise schedule of Stable Diffusion 1: predictions of the noise, PNDM. */
    static JsonObject scheduler() {
        JsonObject config = new JsonObject();
        config.addProperty("_class_name", "PNDMScheduler");
        config.addProperty("beta_start", 0.00085);
        config.addProperty("beta_end", 0.012);
        config.addProperty("beta_schedule", "scaled_linear");
        config.addProperty("num_train_timesteps", 1000);
        config.addProperty("prediction_type", "epsilon");
        config.addProperty("set_alpha_to_one", false);
        config.addProperty("skip_prk_steps", true);
        config.addProperty("steps_offset", 1);
        config.addProperty("clip_sample", false);
        return config;
    }

    private JsonObject unet() {
        List<Long> channels = channels("down_blocks.%d.resnets.0.conv1.weight");
        int levels = channels.size();
        JsonObject config = new JsonObject();
        config.addProperty("sample_size", velocity && family == Family.STABLE_DIFFUSION_2 ? LATENT_SIZE_768 : LATENT_SIZE);
        config.addProperty("in_channels", extent("conv_in.weight", 1));
        config.addProperty("out_channels", extent("conv_out.weight", 0));
        config.add("block_out_channels", array(channels));
        config.addProperty("layers_per_block", count("down_blocks.0.resnets.%d.conv1.weight"));
        config.add("down_block_types", types("down_blocks.%d.attentions.0.norm.weight", levels, "CrossAttnDownBlock2D", "DownBlock2D"));
        config.add("up_block_types", types("up_blocks.%d.attentions.0.norm.weight", levels, "CrossAttnUpBlock2D", "UpBlock2D"));
        config.addProperty("cross_attention_dim", extent(textKeys(), 1));
        if (!tensors.contains("mid_block.resnets.0.conv1.weight")) {
            config.add("mid_block_type", JsonNull.INSTANCE);
        }
        switch (family) {
            case STABLE_DIFFUSION_1 -> config.addProperty("attention_head_dim", HEADS_1);
            case STABLE_DIFFUSION_2 -> config.add("attention_head_dim", array(channels.stream().map(c -> c / HEAD_WIDTH).toList()));
        }
        config.addProperty("use_linear_projection", family == Family.STABLE_DIFFUSION_2);
        return config;
    }

    private String textKeys() {
        return tensors.names().stream().filter(name -> name.endsWith(".attn2.to_k.weight")).findFirst().orElse(TEXT_KEYS);
    }

    private JsonObject vae() {
        List<Long> channels = channels("encoder.down_blocks.%d.resnets.0.conv1.weight");
        JsonObject config = new JsonObject();
        config.addProperty("sample_size", PICTURE_SIZE);
        config.addProperty("in_channels", extent("encoder.conv_in.weight", 1));
        config.addProperty("out_channels", extent("decoder.conv_out.weight", 0));
        config.addProperty("latent_channels", extent("decoder.conv_in.weight", 1));
        config.add("block_out_channels", array(channels));
        config.add("down_block_types", array(IntStream.range(0, channels.size()).mapToObj(_ -> "DownEncoderBlock2D").toList()));
        config.add("up_block_types", array(IntStream.range(0, channels.size()).mapToObj(_ -> "UpDecoderBlock2D").toList()));
        config.addProperty("layers_per_block", count("encoder.down_blocks.0.resnets.%d.conv1.weight"));
        return config;
    }

    private JsonObject text() {
        long width = extent("text_model.embeddings.token_embedding.weight", 1);
        JsonObject config = new JsonObject();
        config.addProperty("vocab_size", extent("text_model.embeddings.token_embedding.weight", 0));
        config.addProperty("max_position_embeddings", extent("text_model.embeddings.position_embedding.weight", 0));
        config.addProperty("hidden_size", width);
        config.addProperty("intermediate_size", extent("text_model.encoder.layers.0.mlp.fc1.weight", 0));
        config.addProperty("num_hidden_layers", count("text_model.encoder.layers.%d.layer_norm1.weight"));
        config.addProperty("num_attention_heads", Math.max(1, width / HEAD_WIDTH));
        config.addProperty("hidden_act", family == Family.STABLE_DIFFUSION_1 ? "quick_gelu" : "gelu");
        config.addProperty("bos_token_id", 0);
        config.addProperty("eos_token_id", 2);
        config.addProperty("pad_token_id", 1);
        return config;
    }

    private long extent(String name, int axis) {
        StoredTensor tensor = tensors.tensor(name);
        if (tensor.shape().size() <= axis) {
            throw new WeightException.Malformed(tensors.origin() + ": tensor " + name + " should have at least " + (axis + 1) + " axes and has shape "
                    + tensor.shape());
        }
        return tensor.shape().get(axis);
    }

    private int count(String pattern) {
        return (int) IntStream.iterate(0, i -> tensors.contains(pattern.formatted(i)), i -> i + 1).count();
    }

    private List<Long> channels(String pattern) {
        return IntStream.range(0, count(pattern)).mapToObj(i -> extent(pattern.formatted(i), 0)).toList();
    }

    private JsonArray types(String pattern, int levels, String withAttention, String without) {
        return array(IntStream.range(0, levels).mapToObj(i -> tensors.contains(pattern.formatted(i)) ? withAttention : without).toList());
    }

    private static JsonArray array(List<?> values) {
        JsonArray array = new JsonArray();
        Stream<?> items = values.stream();
        items.forEach(item -> {
            if (item instanceof Number number) {
                array.add(number);
            } else {
                array.add(item.toString());
            }
        });
        return array;
    }
}
