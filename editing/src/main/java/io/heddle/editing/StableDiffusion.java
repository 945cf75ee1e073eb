package io.heddle.editing;

import io.heddle.attention.TextEmbedding;
import io.heddle.clip.ClipTextConfig;
import io.heddle.clip.ClipTextEncoder;
import io.heddle.clip.Tokenizer;
import io.heddle.image.Picture;
import io.heddle.image.PixelScale;
import io.heddle.image.Size;
import io.heddle.nn.ParameterScope;
import io.heddle.schedulers.SchedulerConfig;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.LatentDistribution;
import io.heddle.vae.VaeConfig;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ConfigReader;
import io.heddle.weights.ModelLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A loaded checkpoint: tokenizer, text encoder, UNet, autoencoder, and what it says of its noise schedule. Closing it gives the weights back; the device
 * is the caller's.
 *
 * @param device where the weights are
 * @param tokenizer words to ids
 * @param textEncoder ids to embeddings
 * @param unet latents to noise
 * @param vae latents to pictures and back
 * @param schedulerFile the checkpoint's constants of the noise schedule, from which any sampler can be made
 */
public record StableDiffusion(
        Device device, Tokenizer tokenizer, ClipTextEncoder textEncoder, UNet unet, AutoencoderKl vae, ConfigReader schedulerFile)
        implements AutoCloseable {
    /**
     * Loads all parts of a checkpoint.
     *
     * @throws io.heddle.weights.WeightException if something is missing, malformed or of another kind of model; the message says what to do
     */
    public static StableDiffusion load(ModelLocation location, Device device) {
        ClipTextConfig text = ClipTextConfig.of(location.config(Component.TEXT_ENCODER));
        VaeConfig vae = VaeConfig.of(location.config(Component.VAE));
        UNetConfig unet = unetConfig(location.config(Component.UNET), text, vae);
        ConfigReader schedulerFile = location.schedulerConfig();
        return new StableDiffusion(
                device,
                Tokenizer.load(location.tokenizerFolder()),
                load(location, device, Component.TEXT_ENCODER, weights -> ClipTextEncoder.load(weights, text)),
                load(location, device, Component.UNET, weights -> UNet.load(weights, unet)),
                load(location, device, Component.VAE, weights -> AutoencoderKl.load(weights, vae)),
                schedulerFile);
    }

    private static UNetConfig unetConfig(ConfigReader file, ClipTextConfig text, VaeConfig vae) {
        UNetConfig unet = UNetConfig.of(file);
        String channels = vae.latentChannels() + " as the autoencoder's latent_channels";
        if (unet.inChannels() != vae.latentChannels()) {
            throw file.invalid("in_channels", channels + " (models for depth have 5, for instructions 8, for inpainting 9, and are not supported)");
        }
        if (unet.outChannels() != vae.latentChannels()) {
            throw file.invalid("out_channels", channels);
        }
        if (unet.crossAttentionDim() != text.width()) {
            throw file.invalid("cross_attention_dim", text.width() + " as the text encoder's hidden_size");
        }
        return unet;
    }

    private static <N> N load(ModelLocation location, Device device, Component component, Function<ParameterScope, N> build) {
        try (Checkpoint checkpoint = location.open(component)) {
            return checkpoint.load(weights -> build.apply(ParameterScope.root(device, weights)));
        }
    }

    /**
     * The encoding of a prompt {@code [1, tokens, dim]}; the empty prompt is valid.
     *
     * @throws io.heddle.clip.PromptTooLongException if the prompt has more tokens than the model's context
     */
    public TextEmbedding encode(String prompt) {
        return encode(tokenizer.encodePadded(prompt));
    }

    /** The encoding of token ids of the model's context length. */
    public TextEmbedding encode(int[] ids) {
        return TextEmbedding.of(device.tidy(() -> textEncoder.encode(ids).tokens()));
    }

    /** The checkpoint's own sampler. */
    public SchedulerConfig scheduler() {
        return scheduler(SchedulerKind.named(schedulerFile));
    }

    /** A sampler of the user's choice on the checkpoint's noise schedule. */
    public SchedulerConfig scheduler(SchedulerKind kind) {
        return kind.read(schedulerFile).forStableDiffusion();
    }

    /** The size of the latent of a picture. */
    public Extent latentSize(Extent picture) {
        int factor = vae.config().downsampling();
        if (picture.height() < factor || picture.width() < factor || picture.height() % factor != 0 || picture.width() % factor != 0) {
            throw new IllegalArgumentException("the picture's size " + picture.width() + "x" + picture.height() + " is not divisible by " + factor
                    + "; choose multiples of " + factor);
        }
        return new Extent(picture.height() / factor, picture.width() / factor);
    }

    /** The size of the pictures that the checkpoint was trained for. */
    public Extent defaultSize() {
        int side = unet.config().sampleSize() * vae.config().downsampling();
        return new Extent(side, side);
    }

    /** Unit-variance noise for a seed, the same on every device: what PyTorch's CPU generator draws. {@code [1, height, width, 4]}. */
    public Tensor noise(long seed, Extent latent) {
        return Latents.noise(device, seed, 1, latent, unet.config().inChannels());
    }

    /** The scaled latent {@code [1, height/8, width/8, 4]} that the autoencoder finds most probable for a picture, whose sides it divides. */
    public Tensor encode(Picture picture) {
        return encode(picture, LatentDistribution::mode);
    }

    /** A scaled latent {@code [1, height/8, width/8, 4]} drawn from what the autoencoder finds possible for a picture, by the noise of a seed. */
    public Tensor encode(Picture picture, long seed) {
        return encode(picture, possible -> {
            Tensor mean = possible.mean();
            return possible.sample(Latents.noise(device, seed, 1, new Extent(mean.dim(1), mean.dim(2)), mean.dim(3)));
        });
    }

    private Tensor encode(Picture picture, Function<LatentDistribution, Tensor> choice) {
        latentSize(new Extent(picture.height(), picture.width()));
        return device.tidy(() -> {
            float[] pixels = picture.toFloats(PixelScale.TRUNCATED);
            LatentDistribution possible = vae.encode(device.tensor(Shape.of(1, picture.height(), picture.width(), 3), pixels));
            return choice.apply(possible).times(vae.config().scalingFactor());
        });
    }

    /** The pictures {@code [rows, height, width, 3]}, about −1 … 1, of scaled latents {@code [rows, height/8, width/8, 4]}. */
    public Tensor decode(Tensor latents) {
        return device.tidy(() -> vae.decode(latents.dividedBy(vae.config().scalingFactor())));
    }

    /** The 8-bit pictures of scaled latents {@code [rows, height/8, width/8, 4]}, decoded one by one. */
    public List<Picture> pictures(Tensor latents) {
        List<Picture> pictures = new ArrayList<>();
        for (int row = 0; row < latents.dim(0); row++) {
            int index = row;
            try (Tensor decoded = device.tidy(() -> decode(latents.row(index)))) {
                pictures.add(Picture.ofFloats(new Size(decoded.dim(2), decoded.dim(1)), decoded.toArray(), PixelScale.NEAREST));
            }
        }
        return pictures;
    }

    @Override
    public void close() {
        unet.close();
        vae.close();
        textEncoder.close();
    }
}
