package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.dragon.Move;
import io.heddle.editing.dragon.Point;
import io.heddle.image.Size;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes an object larger or smaller. */
@Command(name = "resize", defaultValueProvider = DragonDefaults.class,
        description = "DragonDiffusion: make an object larger or smaller where it is.")
final class EditResizeCommand extends EditDragonCommand {
    @Option(names = "--mask", paramLabel = "MASK", required = true, description = "The object: " + MaskArgument.FORM + ".")
    private String mask;

    @Option(names = "--scale", paramLabel = "S", required = true, description = "Its size after to before, above 0.")
    private double scale;

    @Override
    Request request(Size given, Size working) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("mask", mask);
        arguments.addProperty("scale", scale);
        return Request.of(new Move(new MaskArgument("--mask", mask).on(given, working), new Point(0, 0), scale), arguments);
    }
}
