package io.heddle.vae;

import io.heddle.weights.ConfigReader;
import java.util.Collections;
import java.util.List;

/**
 * The sizes of an autoencoder.
 *
 * @param channels of each level, from the picture's resolution to the latent's
 * @param layersPerBlock residual blocks of an encoder block; decoder blocks have one more
 * @param latentChannels channels of the latent
 * @param groups groups of the normalisations
 * @param sampleSize height and width of the pictures that the checkpoint was trained for
 * @param scalingFactor by which latents are multiplied before the UNet sees them
 * @param midAttention whether the bottleneck attends
 * @param quantConv whether a 1×1 convolution follows the encoder
 * @param postQuantConv whether a 1×1 convolution precedes the decoder
 */
public record VaeConfig(
        List<Integer> channels,
        int layersPerBlock,
        int latentChannels,
        int groups,
        int sampleSize,
        float scalingFactor,
        boolean midAttention,
        boolean quantConv,
        boolean postQuantConv) {
    /** The autoencoder of Stable Diffusion 1.x and 2.x. */
    public static VaeConfig stableDiffusion() {
        return new VaeConfig(List.of(128, 256, 512, 512), 2, 4, 32, 512, 0.18215f, true, true, true);
    }

    /**
     * Reads {@code vae/config.json}, with the reference library's defaults for absent keys.
     *
     * @throws io.heddle.weights.WeightException if a value is malformed, or asks for something that Stable Diffusion's autoencoder does not have
     */
    public static VaeConfig of(ConfigReader config) {
        config.requireSupported("in_channels", 3);
        config.requireSupported("out_channels", 3);
        config.requireSupported("act_fn", "silu", "swish");
        config.requireSupported("shift_factor");
        config.requireSupported("latents_mean");
        config.requireSupported("latents_std");
        List<Integer> channels = config.sizes("block_out_channels", List.of(64));
        requireAll(config, "down_block_types", channels.size(), "DownEncoderBlock2D");
        requireAll(config, "up_block_types", channels.size(), "UpDecoderBlock2D");
        int groups = config.size("norm_num_groups", 32);
        if (channels.stream().anyMatch(c -> c % groups != 0)) {
            throw config.invalid("block_out_channels", "divisible by norm_num_groups " + groups);
        }
        return new VaeConfig(
                channels,
                config.size("layers_per_block", 1),
                config.size("latent_channels", 4),
                groups,
                config.size("sample_size", 32),
                (float) config.positiveNumber("scaling_factor", 0.18215),
                config.flag("mid_block_add_attention", true),
                config.flag("use_quant_conv", true),
                config.flag("use_post_quant_conv", true));
    }

    private static void requireAll(ConfigReader config, String key, int count, String type) {
        if (config.has(key) && !config.texts(key, List.of()).equals(Collections.nCopies(count, type))) {
            throw config.invalid(key, "a list of " + count + " times " + type);
        }
    }

    /** How many pixels of a side become one cell of the latent. */
    public int downsampling() {
        return 1 << (channels.size() - 1);
    }
}
