package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.toyworld.EmbeddedModel;
import io.heddle.weights.ModelLocation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which checkpoint. */
final class ModelOptions {
    /** What help says of variants. */
    static final String VARIANT = "Variant of the weights to prefer, for example fp16 (default: the plain one).";

    @Option(names = {"-m", "--model"}, paramLabel = "MODEL", defaultValue = "${env:HEDDLE_MODEL}",
            description = "Folder in the diffusers layout, single safetensors file, or id of a model in the local Hugging Face cache"
                    + " (default: the environment's HEDDLE_MODEL, else the embedded model of the toy world).")
    private @Nullable String model;

    @Option(names = "--variant", paramLabel = "NAME", description = VARIANT)
    private @Nullable String variant;

    /** Finds the checkpoint. */
    ModelLocation locate() {
        if (model == null) {
            return EmbeddedModel.locate();
        }
        return ModelLocation.resolve(model, Optional.ofNullable(variant));
    }

    /** Adds the model to a recipe, as the user wrote it. */
    void describe(JsonObject details) {
        details.addProperty("model", title());
        details.addProperty("variant", variant);
    }

    /** The model as the user wrote it, or what the embedded one is called. */
    String title() {
        return name().orElse(EmbeddedModel.NAME);
    }

    /** The model as the user wrote it. */
    Optional<String> name() {
        return Optional.ofNullable(model);
    }
}
