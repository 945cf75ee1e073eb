package io.heddle.vae;

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

    /** How many pixels of a side become one cell of the latent. */
    public int downsampling() {
        return 1 << (channels.size() - 1);
    }
}
