package io.heddle.unet;

import io.heddle.weights.ConfigReader;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sizes of a UNet.
 *
 * @param sampleSize height and width of the latent that the checkpoint was trained for
 * @param inChannels channels of the latent
 * @param outChannels channels of the prediction
 * @param flipSinToCos whether the time embedding has cosines first
 * @param freqShift subtracted from the number of frequencies in the time embedding
 * @param levels from the finest to the coarsest
 * @param layersPerBlock residual blocks of an encoder block; decoder blocks have one more
 * @param groups groups of the normalisations
 * @param epsilon of the residual blocks' normalisations
 * @param crossAttentionDim features of a text token
 * @param linearProjection whether transformers project with linear layers instead of 1×1 convolutions: only the stored shape differs
 * @param midBlock whether there is a bottleneck; the smallest distilled networks have none
 */
public record UNetConfig(
        int sampleSize,
        int inChannels,
        int outChannels,
        boolean flipSinToCos,
        double freqShift,
        List<Level> levels,
        int layersPerBlock,
        int groups,
        float epsilon,
        int crossAttentionDim,
        boolean linearProjection,
        boolean midBlock) {
    /**
     * One resolution.
     *
     * @param channels channels of the feature map
     * @param heads attention heads; the checkpoints' {@code attention_head_dim} means this
     * @param downAttention whether the encoder attends here
     * @param upAttention whether the decoder attends here
     * @param depth transformer blocks of an attention
     */
    public record Level(int channels, int heads, boolean downAttention, boolean upAttention, int depth) {}

    /** The sizes of a network with a bottleneck. */
    public UNetConfig(
            int sampleSize,
            int inChannels,
            int outChannels,
            boolean flipSinToCos,
            double freqShift,
            List<Level> levels,
            int layersPerBlock,
            int groups,
            float epsilon,
            int crossAttentionDim,
            boolean linearProjection) {
        this(
                sampleSize, inChannels, outChannels, flipSinToCos, freqShift, levels, layersPerBlock, groups, epsilon, crossAttentionDim,
                linearProjection, true);
    }

    /**
     * Reads {@code unet/config.json}, with the reference library's defaults for absent keys.
     *
     * @throws io.heddle.weights.WeightException if a value is malformed, or asks for something that Stable Diffusion 1 and 2 do not have
     */
    public static UNetConfig of(ConfigReader config) {
        requireStableDiffusion(config);
        List<Integer> channels = config.sizes("block_out_channels", List.of(320, 640, 1280, 1280));
        int count = channels.size();
        List<Boolean> down = attends(config, "down_block_types", count, "CrossAttnDownBlock2D", "DownBlock2D");
        List<Boolean> up = attends(config, "up_block_types", count, "CrossAttnUpBlock2D", "UpBlock2D").reversed();
        List<Integer> heads = config.sizes("attention_head_dim", count, Collections.nCopies(count, 8));
        List<Integer> depths = config.sizes("transformer_layers_per_block", count, Collections.nCopies(count, 1));
        int groups = config.size("norm_num_groups", 32);
        List<Level> levels = IntStream.range(0, count)
                .mapToObj(i -> new Level(channels.get(i), heads.get(i), down.get(i), up.get(i), depths.get(i)))
                .toList();
        for (Level level : levels) {
            if (level.channels() % groups != 0 || level.channels() % level.heads() != 0) {
                throw config.invalid("block_out_channels",
                        "divisible by norm_num_groups " + groups + " and by the level's number of heads " + level.heads());
            }
        }
        return new UNetConfig(
                config.size("sample_size", 64),
                config.size("in_channels", 4),
                config.size("out_channels", 4),
                config.flag("flip_sin_to_cos", true),
                config.number("freq_shift", 0),
                levels,
                config.size("layers_per_block", 2),
                groups,
                (float) config.positiveNumber("norm_eps", 1e-5),
                config.size("cross_attention_dim", 1280),
                config.flag("use_linear_projection", false),
                !config.isNull("mid_block_type"));
    }

    private static List<Boolean> attends(ConfigReader config, String key, int count, String attending, String plain) {
        List<Boolean> standard = IntStream.range(0, count).mapToObj(i -> key.startsWith("down") ? i < count - 1 : i > 0).toList();
        if (!config.has(key)) {
            return standard;
        }
        List<String> types = config.texts(key, List.of());
        if (types.size() != count || !types.stream().allMatch(type -> type.equals(attending) || type.equals(plain))) {
            throw config.invalid(key, "a list of " + count + " of " + attending + " and " + plain);
        }
        return types.stream().map(attending::equals).toList();
    }

    private static void requireStableDiffusion(ConfigReader config) {
        config.requireSupported("center_input_sample", false);
        config.requireSupported("mid_block_type", "UNetMidBlock2DCrossAttn");
        config.requireSupported("only_cross_attention", false);
        config.requireSupported("downsample_padding", 1);
        config.requireSupported("mid_block_scale_factor", 1);
        config.requireSupported("act_fn", "silu", "swish");
        config.requireSupported("num_attention_heads");
        config.requireSupported("reverse_transformer_layers_per_block");
        config.requireSupported("encoder_hid_dim");
        config.requireSupported("encoder_hid_dim_type");
        config.requireSupported("dual_cross_attention", false);
        config.requireSupported("class_embed_type");
        config.requireSupported("addition_embed_type");
        config.requireSupported("num_class_embeds");
        config.requireSupported("resnet_time_scale_shift", "default");
        config.requireSupported("resnet_skip_time_act", false);
        config.requireSupported("resnet_out_scale_factor", 1);
        config.requireSupported("time_embedding_type", "positional");
        config.requireSupported("time_embedding_dim");
        config.requireSupported("time_embedding_act_fn");
        config.requireSupported("timestep_post_act");
        config.requireSupported("time_cond_proj_dim");
        config.requireSupported("conv_in_kernel", 3);
        config.requireSupported("conv_out_kernel", 3);
        config.requireSupported("attention_type", "default");
        config.requireSupported("class_embeddings_concat", false);
        config.requireSupported("mid_block_only_cross_attention", false);
        config.requireSupported("cross_attention_norm");
    }

    /** Channels at the finest level. */
    int baseChannels() {
        return levels.getFirst().channels();
    }

    /** Features of the time embedding. */
    int timeChannels() {
        return 4 * baseChannels();
    }

    /** Stable Diffusion 1.x: 64×64 latents, 8 heads, 768 text features. */
    public static UNetConfig stableDiffusion1() {
        return stableDiffusion(List.of(8, 8, 8, 8), 768, false);
    }

    /** Stable Diffusion 2.x base: 64×64 latents, heads of 64 features, 1024 text features. */
    public static UNetConfig stableDiffusion2() {
        return stableDiffusion(List.of(5, 10, 20, 20), 1024, true);
    }

    private static UNetConfig stableDiffusion(List<Integer> heads, int crossAttentionDim, boolean linearProjection) {
        List<Level> levels = List.of(
                new Level(320, heads.get(0), true, true, 1),
                new Level(640, heads.get(1), true, true, 1),
                new Level(1280, heads.get(2), true, true, 1),
                new Level(1280, heads.get(3), false, false, 1));
        return new UNetConfig(64, 4, 4, true, 0, levels, 2, 32, 1e-5f, crossAttentionDim, linearProjection);
    }
}
