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
import io.heddle.unet.UNetConfig.Level;
import java.util.List;

/**
 * The network of Stable Diffusion 1.5 with random weights, a batch of random latents and random text. With the system property {@code heddle.bench.tiny} it
 * is a tiny network, to try a bench.
 */
final class RandomUNet {
    /** Whether the network is tiny. */
    static final String TINY_PROPERTY = "heddle.bench.tiny";

    private static final UNetConfig TINY =
            new UNetConfig(8, 4, 4, true, 0, List.of(new Level(16, 2, true, true, 1), new Level(16, 2, false, false, 1)), 1, 4, 1e-5f, 8, false);
    private static final int TOKENS = 77;
    private static final double TIMESTEP = 500;

    private final UNet unet;
    private final Uniform uniform;
    private final Tensor latents;
    private final Tensor encoding;

    RandomUNet(Device device, int rows) {
        uniform = new Uniform(device);
        unet = UNet.load(ParameterScope.root(device, new RandomWeights(1)), Boolean.getBoolean(TINY_PROPERTY) ? TINY : UNetConfig.stableDiffusion1());
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
