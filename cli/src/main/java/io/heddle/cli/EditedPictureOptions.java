package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.InversionFile;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.SourceText;
import io.heddle.image.Picture;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The real picture that a command edits: inverted on the way, or before. */
final class EditedPictureOptions {
    @Mixin
    private final InversionOptions options = new InversionOptions();

    @Option(names = "--inversion", paramLabel = "FILE", description = "Edit the picture that was inverted to this file by the command invert.")
    private @Nullable Path file;

    /** Whether a real picture is edited. */
    boolean given() {
        return file != null || options.picture.given();
    }

    /** The file of an inversion that was made before, if the picture is given by one. */
    @Nullable Path file() {
        return file;
    }

    /** How a picture is inverted on the way. */
    InversionOptions options() {
        return options;
    }

    /** Refuses what cannot be meant, before a model is loaded, and takes steps and guidance from the inversion where they were not given. */
    void check(Subcommand command, SamplingOptions sampling, String negativePrompt) {
        if (!given()) {
            command.refuse("without --image", InversionOptions.NAMES);
            return;
        }
        command.refuse("on a real picture", "--latents-in");
        if (file != null && options.picture.given()) {
            throw new UserError("--image is inverted on the way and --inversion was before: give one of them");
        }
        if (!sampling.scheduler.equalsIgnoreCase("ddim")) {
            throw new UserError("--scheduler " + sampling.scheduler + " cannot be inverted: a real picture is edited with ddim");
        }
        if (!negativePrompt.isEmpty()) {
            throw new UserError("--negative-prompt cannot be chosen for a real picture: guidance leads away from what its inversion found");
        }
        if (file != null) {
            command.refuse("with --inversion", InversionOptions.NAMES);
            command.refuse("with --inversion", "--width", "--height");
            JsonObject recipe = new InversionFile(file).recipe();
            sampling.follow(command, recipe.get("steps").getAsInt(), recipe.get("guidance").getAsDouble());
        }
    }

    /**
     * The inversion of the picture. On the way, its progress is kept with the output until the edit is {@link #finished}.
     *
     * @param text makes the text of a picture that is inverted on the way
     * @param standard the method without being asked
     */
    Inversion open(
            Subcommand command, StableDiffusion model, SamplingOptions sampling, OutputOptions output, SourceText text, InversionMethod standard) {
        if (file != null) {
            Inversion inversion = new InversionFile(file).load(model);
            inversion.requireFit(sampling.steps, sampling.guidanceScale);
            return inversion;
        }
        Inverter inverter = Inverter.of(model, sampling.steps, sampling.guidanceScale, options.lowMemory);
        Picture picture = options.picture.read(model, sampling.width, sampling.height);
        return new Inverting(command, model, inverter, options, picture, text, options.method(standard)).runForEdit(progress(output));
    }

    /** Says that the edit is written, so that nothing need be resumed. */
    void finished(OutputOptions output) {
        if (options.picture.given()) {
            progress(output).discardPartial();
        }
    }

    /** Where the progress of an inversion on the way is kept. */
    static InversionFile progress(OutputOptions output) {
        return new InversionFile(output.working("inversion.safetensors"));
    }
}
