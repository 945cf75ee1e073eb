package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.dragon.Drag;
import io.heddle.image.Size;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Drags points. */
@Command(name = "drag", defaultValueProvider = DragonDefaults.class, description = "DragonDiffusion: drag what is at some points to other points.")
final class EditDragCommand extends EditDragonCommand {
    @Option(names = "--points", paramLabel = "X,Y>X,Y;...", required = true,
            description = "Pairs of points: what is at the first goes to the second.")
    private String points;

    @Option(names = "--mask", paramLabel = "MASK", required = true, description = "Where the picture may change: " + MaskArgument.FORM + ".")
    private String mask;

    @Override
    Request request(Size given, Size working) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("points", points);
        arguments.addProperty("mask", mask);
        Drag drag = new Drag(
                new PointArgument("--points", given, working).handles(points), new MaskArgument("--mask", mask).on(given, working));
        return Request.of(drag, arguments);
    }
}
