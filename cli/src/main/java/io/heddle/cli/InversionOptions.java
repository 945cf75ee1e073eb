package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.editing.inversion.NullTextInversion;
import io.heddle.editing.inversion.PromptTuningInversion;
import io.heddle.editing.inversion.Tuning;
import io.heddle.image.Picture;
import io.heddle.tensor.Tensor;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which picture is inverted, and how. */
final class InversionOptions {
    /** What decides how a picture is inverted. */
    static final String[] NAMES = {"--method", "--inner-steps", "--learning-rate", "--early-stop", "--vae-sample"};

    @Mixin
    final PictureOptions picture = new PictureOptions();

    @Option(names = {"--method", "--inversion-method"}, paramLabel = "NAME",
            description = "ddim, null-text, negative-prompt, direct or prompt-tuning (default: null-text; prompt-tuning for its edits; ddim to drag).")
    private @Nullable String method;

    @Option(names = "--inner-steps", paramLabel = "N",
            description = "Most updates of the embedding at each step (default: 10 for null-text, 5 for prompt-tuning).")
    private @Nullable Integer innerSteps;

    @Option(names = "--learning-rate", paramLabel = "R", description = "Learning rate of the updates (default: 0.01).")
    private @Nullable Double learningRate;

    @Option(names = "--early-stop", paramLabel = "LOSS",
            description = "Updates of a step end below this loss, and 2e-5 more for each step made (default: 1e-5 for null-text, never for prompt-tuning).")
    private @Nullable Double earlyStop;

    @Option(names = "--low-memory", description = "Compute gradients in less memory and a third more time; the results are the same.")
    boolean lowMemory;

    @Option(names = "--vae-sample", paramLabel = "SEED", arity = "0..1", fallbackValue = "0",
            description = "Draw the picture's latent from what the autoencoder finds possible, by this seed (default: 0), instead of taking the most probable one.")
    private @Nullable Long vaeSample;

    /** A picture's scaled latent {@code [1, height, width, 4]}. */
    Tensor encode(StableDiffusion model, Picture read) {
        return vaeSample == null ? model.encode(read) : model.encode(read, vaeSample);
    }

    /**
     * The method that was asked for.
     *
     * @param standard the one without being asked
     */
    InversionMethod method(InversionMethod standard) {
        InversionMethod named = method == null ? standard : InversionMethod.of(method);
        return switch (named) {
            case NullTextInversion(Tuning tuning) -> new NullTextInversion(tuned(tuning));
            case PromptTuningInversion(Tuning tuning) -> new PromptTuningInversion(tuned(tuning));
            default -> {
                if (innerSteps != null || learningRate != null || earlyStop != null) {
                    throw new UserError("--inner-steps, --learning-rate and --early-stop tune an embedding, which " + named.key()
                            + " inversion has none of: leave them out, or choose null-text or prompt-tuning");
                }
                yield named;
            }
        };
    }

    /** The picture and how it is inverted, for recipes. */
    JsonObject json(InversionMethod chosen) {
        JsonObject json = new JsonObject();
        json.addProperty("image", picture.name());
        json.addProperty("method", chosen.key());
        json.add("settings", chosen.settings());
        json.addProperty("vaeSample", vaeSample);
        return json;
    }

    private Tuning tuned(Tuning standard) {
        return new Tuning(
                innerSteps == null ? standard.innerSteps() : innerSteps,
                learningRate == null ? standard.learningRate() : learningRate,
                earlyStop == null ? standard.earlyStop() : OptionalDouble.of(earlyStop));
    }
}
