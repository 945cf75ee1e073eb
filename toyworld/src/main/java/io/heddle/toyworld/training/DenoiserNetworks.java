package io.heddle.toyworld.training;

import io.heddle.clip.ClipInitialisation;
import io.heddle.clip.ClipTextEncoder;
import io.heddle.nn.DefaultInitialisation;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.unet.UNet;
import io.heddle.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The text encoder and the denoiser of a shard. */
record DenoiserNetworks(ClipTextEncoder text, UNet unet) implements AutoCloseable {
    /** Layers that begin at zero, so that every block begins as the identity, as in the original latent-diffusion code. */
    private static final Pattern ZERO = Pattern.compile("(conv_out|.*\\.conv2|.*\\.proj_out)\\.(weight|bias)");

    /** Networks with first weights, the same for each shard. */
    static List<DenoiserNetworks> first(Crew crew, Draws draws, Architecture architecture) {
        long seed = draws.seedOf(Draws.Use.DENOISER_WEIGHTS);
        return crew.each(shard -> {
            Device device = crew.device(shard);
            WeightSource drawn = new DefaultInitialisation(seed);
            WeightSource first = (name, shapes) -> {
                float[] weights = drawn.take(name, shapes);
                return ZERO.matcher(name).matches() ? new float[weights.length] : weights;
            };
            return new DenoiserNetworks(
                    ClipTextEncoder.load(ParameterScope.root(device, new ClipInitialisation(seed, architecture.text())), architecture.text()),
                    UNet.load(ParameterScope.root(device, first), architecture.unet()));
        });
    }

    /** The parameters of both, each under its folder's name. */
    Map<String, Parameter> parameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        text.parameters().forEach((name, parameter) -> all.put("text_encoder." + name, parameter));
        unet.parameters().forEach((name, parameter) -> all.put("unet." + name, parameter));
        return all;
    }

    @Override
    public void close() {
        text.close();
        unet.close();
    }
}
