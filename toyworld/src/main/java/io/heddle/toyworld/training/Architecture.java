package io.heddle.toyworld.training;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.clip.ClipTextConfig;
import io.heddle.unet.UNetConfig;
import io.heddle.vae.VaeConfig;
import io.heddle.weights.Component;
import io.heddle.weights.ConfigReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The sizes of the networks, as their configuration files have them.
 *
 * @param files {@code config.json} of each network
 * @param autoencoderWork multiply-add pairs of encoding and decoding a training crop
 * @param decoderWork multiply-add pairs of decoding a picture
 * @param denoiserWork multiply-add pairs of encoding a caption and denoising a latent
 */
public record Architecture(Map<Component, JsonObject> files, long autoencoderWork, long decoderWork, long denoiserWork) {
    private static final long EMBEDDED_AUTOENCODER_WORK = 354_000_000;
    private static final long EMBEDDED_DECODER_WORK = 1_158_000_000;
    private static final long EMBEDDED_DENOISER_WORK = 410_400_000;

    /** Keeps the files in one order, so that settings are told from others by their text. */
    public Architecture {
        files = Collections.unmodifiableMap(new EnumMap<>(files));
    }

    /** The embedded model's: latents of 32x32 for pictures of 128x128, cross-attention at 16x16, 8x8 and 4x4. */
    public static Architecture embedded() {
        Map<Component, JsonObject> files =
                Map.of(Component.TEXT_ENCODER, read("text_encoder.json"), Component.UNET, read("unet.json"), Component.VAE, read("vae.json"));
        return new Architecture(files, EMBEDDED_AUTOENCODER_WORK, EMBEDDED_DECODER_WORK, EMBEDDED_DENOISER_WORK);
    }

    /** The text encoder's sizes. */
    public ClipTextConfig text() {
        return ClipTextConfig.of(config(Component.TEXT_ENCODER));
    }

    /** The denoiser's sizes. */
    public UNetConfig unet() {
        return UNetConfig.of(config(Component.UNET));
    }

    /** The autoencoder's sizes. */
    public VaeConfig vae() {
        return VaeConfig.of(config(Component.VAE));
    }

    private ConfigReader config(Component component) {
        return ConfigReader.of(component.folder() + "/config.json", files.get(component));
    }

    static JsonObject read(String resource) {
        return JsonParser.parseString(text(resource)).getAsJsonObject();
    }

    static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(Architecture.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + resource + " cannot be read", e);
        }
    }
}
