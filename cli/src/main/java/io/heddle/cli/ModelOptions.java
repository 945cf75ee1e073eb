package io.heddle.cli;

import io.heddle.cli.standin.StandInModel;
import io.heddle.weights.ModelLocation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which checkpoint. */
final class ModelOptions {
    @Option(names = {"-m", "--model"}, paramLabel = "MODEL", defaultValue = "${env:HEDDLE_MODEL}",
            description = "Folder in the diffusers layout, single safetensors file, or id of a model in the local Hugging Face cache"
                    + " (default: the environment's HEDDLE_MODEL, else a tiny stand-in of formula weights, whose pictures mean nothing).")
    private @Nullable String model;

    @Option(names = "--variant", paramLabel = "NAME", description = "Variant of the weights to prefer, for example fp16 (default: the plain one).")
    private @Nullable String variant;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec user;

    /** Finds the checkpoint; without one, makes the stand-in and says so. */
    ModelLocation locate() {
        if (model == null) {
            ((Subcommand) user.userObject())
                    .tell("no model is given by --model or HEDDLE_MODEL: using a tiny stand-in of formula weights, whose pictures mean nothing");
            return StandInModel.locate();
        }
        return ModelLocation.resolve(model, Optional.ofNullable(variant));
    }

    /** The model as the user wrote it. */
    Optional<String> name() {
        return Optional.ofNullable(model);
    }
}
