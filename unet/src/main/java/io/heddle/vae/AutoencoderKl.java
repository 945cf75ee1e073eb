package io.heddle.vae;

import io.heddle.nn.Linear;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The autoencoder: pictures in −1 … 1 to latents and back. Its latents are unscaled; the UNet's are these times {@link VaeConfig#scalingFactor}. */
public final class AutoencoderKl implements AutoCloseable {
    private static final float LOG_VARIANCE_LOW = -30;
    private static final float LOG_VARIANCE_HIGH = 20;

    private final VaeConfig config;
    private final Map<String, Parameter> parameters;
    private final Encoder encoder;
    private final Decoder decoder;
    private final @Nullable Linear quantConv;
    private final @Nullable Linear postQuantConv;

    private AutoencoderKl(ParameterScope at, VaeConfig config) {
        int latent = config.latentChannels();
        this.config = config;
        parameters = at.parameters();
        encoder = new Encoder(at.at("encoder"), config);
        decoder = new Decoder(at.at("decoder"), config);
        quantConv = config.quantConv() ? Linear.loadPointwise(at.at("quant_conv"), 2 * latent, 2 * latent, true) : null;
        postQuantConv = config.postQuantConv() ? Linear.loadPointwise(at.at("post_quant_conv"), latent, latent, true) : null;
    }

    /** Builds the network, taking each parameter by its checkpoint path. */
    public static AutoencoderKl load(ParameterScope at, VaeConfig config) {
        return new AutoencoderKl(at, config);
    }

    /** The sizes. */
    public VaeConfig config() {
        return config;
    }

    /** The parameters by checkpoint path. */
    public Map<String, Parameter> parameters() {
        return parameters;
    }

    /** The latent's distribution for pictures {@code [rows, height, width, 3]} in −1 … 1. */
    public LatentDistribution encode(Tensor picture) {
        try (Scope scope = picture.device().scope()) {
            Tensor encoded = encoder.forward(picture);
            Tensor moments = quantConv == null ? encoded : quantConv.forward(encoded);
            int latent = config.latentChannels();
            Tensor mean = moments.slice(3, 0, latent);
            Tensor logVariance = moments.slice(3, latent, latent).clamp(LOG_VARIANCE_LOW, LOG_VARIANCE_HIGH);
            return new LatentDistribution(scope.keep(mean), scope.keep(logVariance));
        }
    }

    /** The pictures {@code [rows, 8·height, 8·width, 3]} of unscaled latents {@code [rows, height, width, 4]}; values may pass −1 … 1. */
    public Tensor decode(Tensor latent) {
        return latent.device().tidy(() -> decoder.forward(postQuantConv == null ? latent : postQuantConv.forward(latent)));
    }

    /** Ends the lives of the parameters. */
    @Override
    public void close() {
        ParameterScope.close(parameters);
    }
}
