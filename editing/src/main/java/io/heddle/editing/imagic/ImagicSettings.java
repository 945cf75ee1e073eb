package io.heddle.editing.imagic;

import com.google.gson.JsonObject;
import io.heddle.nn.Parameter;
import io.heddle.unet.UNet;
import java.util.List;

/**
 * The constants of Imagic.
 *
 * @param embedding how the embedding is optimised, the network frozen: the first stage
 * @param network how the network is tuned, the embedding frozen: the second stage
 * @param trained which of the network's weights are tuned
 * @param seed of noise levels and noise
 */
public record ImagicSettings(Descent embedding, Descent network, Trained trained, long seed) {
    /** For Stable Diffusion: 1000 steps at 2·10⁻³, 1500 steps at 5·10⁻⁷ on all weights. Kawar et al. 2023, section 4 and its supplement. */
    public static final ImagicSettings STABLE_DIFFUSION = new ImagicSettings(new Descent(1000, 2e-3, 1), new Descent(1500, 5e-7, 1), Trained.ALL, 0);

    /**
     * For networks of a few million weights, whose embeddings and weights have to move further. Tuned for 100 steps, such a network knew the picture
     * better, but in three of six scenes no η changed its pose any more.
     */
    public static final ImagicSettings SMALL_MODEL = new ImagicSettings(new Descent(30, 2e-2, 8), new Descent(40, 2e-4, 8), Trained.ALL, 0);

    private static final long SMALL = 100_000_000;

    /** The standard settings for a network of this size. */
    public static ImagicSettings standard(UNet unet) {
        return isSmall(unet) ? SMALL_MODEL : STABLE_DIFFUSION;
    }

    /** Whether a network is far smaller than Stable Diffusion's. */
    static boolean isSmall(UNet unet) {
        return unet.parameters().values().stream().mapToLong(weight -> weight.checkpointShape().size()).sum() < SMALL;
    }

    /** These settings with another first stage. */
    public ImagicSettings withEmbedding(Descent descent) {
        return new ImagicSettings(descent, network, trained, seed);
    }

    /** These settings with another second stage. */
    public ImagicSettings withNetwork(Descent descent) {
        return new ImagicSettings(embedding, descent, trained, seed);
    }

    /** These settings with other weights to tune. */
    public ImagicSettings withTrained(Trained weights) {
        return new ImagicSettings(embedding, network, weights, seed);
    }

    /** These settings with another seed. */
    public ImagicSettings withSeed(long number) {
        return new ImagicSettings(embedding, network, trained, number);
    }

    /** The steps of both stages. */
    public int steps() {
        return embedding.steps() + network.steps();
    }

    /** The weights of a network that are tuned; none if the second stage is left out. */
    List<Parameter> trained(UNet unet) {
        return network.steps() == 0 ? List.of() : trained.of(unet);
    }

    static ImagicSettings of(JsonObject json) {
        return new ImagicSettings(
                Descent.of(json.getAsJsonObject("embedding")),
                Descent.of(json.getAsJsonObject("network")),
                Trained.of(json.get("trained").getAsString()),
                json.get("seed").getAsLong());
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("embedding", embedding.toJson());
        json.add("network", network.toJson());
        json.addProperty("trained", trained.key());
        json.addProperty("seed", seed);
        return json;
    }
}
