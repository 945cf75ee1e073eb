package io.heddle.editing.imagic;

import io.heddle.nn.Parameter;
import io.heddle.unet.UNet;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which weights of the network are tuned. */
public enum Trained {
    /** All, as in the paper. */
    ALL,
    /** The projections of the attention layers: a ninth of Stable Diffusion's weights, for less memory. */
    ATTENTION;

    /** The name on the command line and in recipes. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The choice of a name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Trained of(String key) {
        return Arrays.stream(values())
                .filter(trained -> trained.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there are no weights called " + key + " to tune: expected all or attention"));
    }

    /** The weights of a network. */
    public List<Parameter> of(UNet unet) {
        return unet.parameters().values().stream().filter(this::includes).toList();
    }

    private boolean includes(Parameter parameter) {
        return this == ALL || parameter.name().contains(".attn1.") || parameter.name().contains(".attn2.");
    }
}
