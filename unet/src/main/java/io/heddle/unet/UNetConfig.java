package io.heddle.unet;

import java.util.List;

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
        boolean linearProjection) {
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
