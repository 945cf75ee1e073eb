package io.heddle.bench;

import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;

/** The network of Stable Diffusion 1.5 with random weights, a batch of random latents and random text. */
final class RandomUNet {
    private static final int TOKENS = 77;
    private static final double TIMESTEP = 500;

    private final UNet unet;
    private final Uniform uniform;
    private final Tensor latents;
    private final Tensor encoding;

    RandomUNet(Device device, int rows) {
        uniform = new Uniform(device);
        unet = UNet.load(ParameterScope.root(device, new RandomWeights(1)), UNetConfig.stableDiffusion1());
        latents = latents(rows);
        encoding = encoding(rows);
    }

    /** The network. */
    UNet unet() {
        return unet;
    }

    /** Other latents {@code [rows, 64, 64, 4]}. */
    Tensor latents(int rows) {
        UNetConfig config = unet.config();
        return uniform.tensor(rows, config.sampleSize(), config.sampleSize(), config.inChannels());
    }

    /** Other text {@code [prompts, 77, 768]}. */
    Tensor encoding(int prompts) {
        return uniform.tensor(prompts, TOKENS, unet.config().crossAttentionDim());
    }

    /** One evaluation, the text's keys and values included. */
    Tensor predict(AttentionTaps taps) {
        try (TextEmbedding text = TextEmbedding.of(encoding)) {
            return unet.predict(latents, Pass.of(Step.at(TIMESTEP), TextConditioning.of(text)).withTaps(taps));
        }
    }
}
