package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.dragon.DragonSettings;
import io.heddle.editing.dragon.MemoryBank;
import io.heddle.editing.dragon.Network;
import io.heddle.editing.inversion.DdimInversion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.InversionFile;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.SourceText;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The picture that an edit changes.
 *
 * @param given its size as the user knows it, which places on the command line refer to
 * @param working the size that the model takes it in
 * @param text what it shows
 * @param kind where it comes from, for recipes
 * @param bank makes its memory bank for settings
 * @param picture the picture itself, made of its bank where it is not at hand
 */
record DragonSource(
        Size given,
        Size working,
        SourceText text,
        JsonObject kind,
        Function<DragonSettings, MemoryBank> bank,
        Function<MemoryBank, Picture> picture) implements AutoCloseable {
    /** A picture that is generated. */
    static DragonSource generated(StableDiffusion model, Network network, SamplingOptions sampling, String prompt) {
        Extent extent = sampling.size(model);
        Size size = new Size(extent.width(), extent.height());
        SourceText text = SourceText.of(model, prompt);
        return new DragonSource(size, size, text, kind("generated"),
                settings -> {
                    try (Tensor noise = sampling.noise(model, 1)) {
                        return MemoryBank.generate(network, noise, text, settings);
                    }
                },
                bank -> model.pictures(bank.clean()).getFirst());
    }

    /** A picture that was inverted before. */
    static DragonSource inverted(StableDiffusion model, Network network, Path file, @Nullable String prompt) {
        Inversion inversion = new InversionFile(file).load(model);
        if (prompt != null && !prompt.equals(inversion.prompt())) {
            throw new UserError("the picture was inverted with the prompt \"" + inversion.prompt() + "\", but --prompt is \"" + prompt
                    + "\": give the same, or none");
        }
        int factor = model.vae().config().downsampling();
        Size size = new Size(factor * inversion.start().dim(2), factor * inversion.start().dim(1));
        JsonObject kind = kind("inversion");
        kind.add("inversion", inversion.recipe());
        return new DragonSource(size, size, SourceText.of(model, inversion.prompt()), kind,
                settings -> MemoryBank.of(network, inversion, settings), bank -> model.pictures(bank.clean()).getFirst());
    }

    /** A real picture that is inverted on the way; progress of a long inversion is kept in a file. */
    static DragonSource real(Subcommand command, StableDiffusion model, Network network, SamplingOptions sampling, EditedPictureOptions edited,
            InversionFile progress, String prompt) {
        InversionOptions options = edited.options();
        Picture picture = options.picture.read(model, sampling.width, sampling.height);
        InversionMethod method = options.method(new DdimInversion());
        SourceText text = SourceText.of(model, prompt);
        JsonObject kind = kind("image");
        kind.add("inversion", options.json(method));
        return new DragonSource(options.picture.size(), picture.size(), text, kind,
                settings -> {
                    if (method instanceof DdimInversion) {
                        try (Tensor clean = options.encode(model, picture)) {
                            return MemoryBank.invert(network, clean, text, settings);
                        }
                    }
                    Inverter inverter = Inverter.of(model, sampling.steps, settings.guidance(), options.lowMemory);
                    Inverting inverting = new Inverting(command, model, inverter, options, picture, text, method);
                    return MemoryBank.of(network, inverting.runForEdit(progress), settings);
                },
                _ -> picture);
    }

    private static JsonObject kind(String name) {
        JsonObject kind = new JsonObject();
        kind.addProperty("kind", name);
        return kind;
    }

    @Override
    public void close() {
        text.close();
    }
}
