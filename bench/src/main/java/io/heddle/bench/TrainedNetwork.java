package io.heddle.bench;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.clip.ClipTextConfig;
import io.heddle.clip.ClipTextEncoder;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Tensor;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.unet.UNetConfig.Level;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.LatentDistribution;
import io.heddle.vae.VaeConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** A small network with random weights and a batch to train it on; sizes and losses are those of {@code peers/train.py}. */
sealed interface TrainedNetwork {
    /** The weights that are trained. */
    Collection<Parameter> parameters();

    /** The loss of the batch, a scalar. */
    Tensor loss();

    /** A network by name, {@code denoiser} or {@code autoencoder}, and its batch of {@code rows} rows. */
    static TrainedNetwork of(String name, Device device, int rows) {
        return switch (name) {
            case "denoiser" -> Denoiser.random(device, rows);
            case "autoencoder" -> Autoencoder.random(device, rows);
            default -> throw new IllegalArgumentException("the network " + name + " is unknown; expected denoiser or autoencoder");
        };
    }

    /** Forward, loss, and backward to all weights, which then count as changed. */
    default void step(Device device) {
        try (var _ = device.scope(); Recording tape = Recording.open()) {
            List<Tensor> watched = parameters().stream().map(parameter -> parameter.watch(tape)).toList();
            Tensor loss = loss();
            tape.backward(loss, device.scalar(1), (_, _) -> {});
            watched.forEach(Tensor::changedInPlace);
        }
    }

    /**
     * A denoising UNet and the text encoder before it, on latents of 32×32.
     *
     * @param latents {@code [rows, 32, 32, 4]}
     * @param noise of the latents' shape
     * @param timesteps one for each row
     * @param ids 24 tokens for each row
     */
    record Denoiser(UNet unet, ClipTextEncoder encoder, Tensor latents, Tensor noise, double[] timesteps, int[][] ids) implements TrainedNetwork {
        private static final int CONTEXT = 24;
        private static final int VOCABULARY = 645;
        private static final int END = VOCABULARY - 1;
        private static final int WIDTH = 128;

        static Denoiser random(Device device, int rows) {
            List<Level> levels = List.of(
                    new Level(32, 2, false, false, 1), new Level(64, 4, true, true, 1), new Level(96, 4, true, true, 1),
                    new Level(96, 4, false, false, 1));
            UNetConfig config = new UNetConfig(32, 4, 4, true, 0, levels, 1, 16, 1e-5f, WIDTH, false);
            ClipTextConfig text = new ClipTextConfig(
                    VOCABULARY, WIDTH, 512, 2, 4, CONTEXT, ClipTextConfig.Activation.QUICK_GELU, 1e-5f, WIDTH, END);
            Uniform uniform = new Uniform(device);
            return new Denoiser(
                    UNet.load(ParameterScope.root(device, new RandomWeights(1)), config),
                    ClipTextEncoder.load(ParameterScope.root(device, new RandomWeights(2)), text),
                    uniform.tensor(rows, 32, 32, 4),
                    uniform.tensor(rows, 32, 32, 4),
                    IntStream.range(0, rows).mapToDouble(row -> 1000.0 * row / rows).toArray(),
                    IntStream.range(0, rows).mapToObj(Denoiser::prompt).toArray(int[][]::new));
        }

        private static int[] prompt(int row) {
            return IntStream.range(0, CONTEXT).map(i -> i < CONTEXT / 2 ? (17 * row + 31 * i) % END : END).toArray();
        }

        @Override
        public Collection<Parameter> parameters() {
            List<Parameter> all = new ArrayList<>(unet.parameters().values());
            all.addAll(encoder.parameters().values());
            return all;
        }

        @Override
        public Tensor loss() {
            try (TextEmbedding text = TextEmbedding.of(encoder.encode(ids).tokens())) {
                Pass pass = Pass.of(Step.at(0), TextConditioning.of(text));
                return unet.predict(latents, pass, timesteps).minus(noise).square().mean();
            }
        }
    }

    /**
     * An autoencoder on crops of 64×64 pixels.
     *
     * @param pictures {@code [rows, 64, 64, 3]}
     * @param noise for the latents, {@code [rows, 16, 16, 4]}
     */
    record Autoencoder(AutoencoderKl network, Tensor pictures, Tensor noise) implements TrainedNetwork {
        static Autoencoder random(Device device, int rows) {
            VaeConfig config = new VaeConfig(List.of(16, 32, 64), 1, 4, 8, 128, 1, true, true, true);
            Extent latent = new Extent(16, 16);
            Uniform uniform = new Uniform(device);
            return new Autoencoder(
                    AutoencoderKl.load(ParameterScope.root(device, new RandomWeights(3)), config),
                    uniform.tensor(rows, 64, 64, 3),
                    uniform.tensor(rows, latent.height(), latent.width(), 4));
        }

        @Override
        public Collection<Parameter> parameters() {
            return network.parameters().values();
        }

        @Override
        public Tensor loss() {
            LatentDistribution latent = network.encode(pictures);
            return network.decode(latent.sample(noise)).minus(pictures).square().mean();
        }
    }
}
