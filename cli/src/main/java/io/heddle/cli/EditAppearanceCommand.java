package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.dragon.Appearance;
import io.heddle.editing.dragon.Mask;
import io.heddle.editing.dragon.Sketch;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import java.awt.Color;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives an object another one's looks. */
@Command(name = EditAppearanceCommand.NAME, defaultValueProvider = DragonDefaults.class,
        description = "DragonDiffusion: give an object the looks of another picture's object.")
final class EditAppearanceCommand extends EditDragonCommand {
    static final String NAME = "appearance";

    @Option(names = "--mask", paramLabel = "MASK", required = true, description = "The object: " + MaskArgument.FORM + ".")
    private String mask;

    @Mixin
    private final ReferencePictureOptions reference = new ReferencePictureOptions();

    @Override
    Request request(Size given, Size working) {
        Mask model = reference.mask(working);
        Picture second = reference.picture(working);
        JsonObject arguments = reference.json();
        arguments.addProperty("mask", mask);
        Appearance edit = new Appearance(new MaskArgument("--mask", mask).on(given, working), model);
        return new Request(edit, second, Sketch.on(second).mask(model, Color.RED).picture(), arguments);
    }

    @Override
    @Nullable String secondPrompt() {
        return reference.prompt;
    }
}
