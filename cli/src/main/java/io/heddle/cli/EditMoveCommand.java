package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.dragon.Mask;
import io.heddle.editing.dragon.Move;
import io.heddle.editing.dragon.Point;
import io.heddle.image.Size;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Moves an object. */
@Command(name = "move", defaultValueProvider = DragonDefaults.class,
        description = "DragonDiffusion: move an object elsewhere and fill the place that it leaves; with --scale, resize it on the way.")
final class EditMoveCommand extends EditDragonCommand {
    @Option(names = "--mask", paramLabel = "MASK", required = true, description = "The object: " + MaskArgument.FORM + ".")
    private String mask;

    @Option(names = "--from", paramLabel = "X,Y", required = true, description = "A place of the object.")
    private String from;

    @Option(names = "--to", paramLabel = "X,Y", required = true, description = "Where it shall be.")
    private String to;

    @Option(names = "--scale", paramLabel = "S", defaultValue = "1", description = "Its size after to before (default: ${DEFAULT-VALUE}).")
    private double scale;

    @Option(names = "--fill-mask", paramLabel = "MASK",
            description = "What the vacated place shall look like (default: everything that the object does not touch).")
    private @Nullable String fill;

    @Override
    Request request(Size given, Size working) {
        Point way = new PointArgument("--to", given, working).point(to).minus(new PointArgument("--from", given, working).point(from));
        Mask filling = fill == null ? null : new MaskArgument("--fill-mask", fill).on(given, working);
        JsonObject arguments = new JsonObject();
        arguments.addProperty("mask", mask);
        arguments.addProperty("from", from);
        arguments.addProperty("to", to);
        arguments.addProperty("scale", scale);
        arguments.addProperty("fillMask", fill);
        return Request.of(new Move(new MaskArgument("--mask", mask).on(given, working), way, scale, filling), arguments);
    }
}
