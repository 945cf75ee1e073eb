package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.dragon.Mask;
import io.heddle.editing.dragon.Paste;
import io.heddle.editing.dragon.Point;
import io.heddle.editing.dragon.Sketch;
import io.heddle.image.Picture;
import io.heddle.image.Resampling;
import io.heddle.image.Size;
import java.awt.Color;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts an object of another picture into the picture. */
@Command(name = "paste", defaultValueProvider = DragonDefaults.class,
        description = "DragonDiffusion: put another picture's object into the picture.")
final class EditPasteCommand extends EditDragonCommand {
    @Mixin
    private final ReferencePictureOptions reference = new ReferencePictureOptions();

    @Option(names = "--from", paramLabel = "X,Y", description = "A place of the object in the other picture.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "X,Y", description = "Where it shall be in the edited picture (default: where it is in the other one).")
    private @Nullable String to;

    @Option(names = "--scale", paramLabel = "S", defaultValue = "1", description = "Its size after to before (default: ${DEFAULT-VALUE}).")
    private double scale;

    @Override
    Request request(Size given, Size working) {
        if (from == null != (to == null)) {
            throw new UserError("--from and --to belong together: give both, or none to leave the object where it is in the other picture");
        }
        if (!(scale > 0)) {
            throw new UserError("--scale is " + scale + ": expected a factor above 0");
        }
        Point way = from == null || to == null
                ? new Point(0, 0)
                : new PointArgument("--to", given, working).point(to)
                        .minus(new PointArgument("--from", reference.size(), working).point(from));
        Zoom zoom = new Zoom(reference.mask(working), scale);
        Mask object = zoom.mask();
        Picture second = zoom.picture(reference.picture(working));
        JsonObject arguments = reference.json();
        arguments.addProperty("from", from);
        arguments.addProperty("to", to);
        arguments.addProperty("scale", scale);
        return new Request(new Paste(object, way), second, Sketch.on(second).mask(object, Color.RED).picture(), arguments);
    }

    @Override
    @Nullable String secondPrompt() {
        return reference.prompt;
    }

    /**
     * A picture enlarged or reduced about an object's centre, at its own size; where nothing is known, its border is repeated.
     *
     * @param object the object before
     * @param factor size after to before
     */
    private record Zoom(Mask object, double factor) {
        Mask mask() {
            if (factor == 1) {
                return object;
            }
            Point centre = object.centre();
            return Mask.of(object.grid(), cell -> {
                int width = object.grid().width();
                int x = source(cell % width, centre.x());
                int y = source(cell / width, centre.y());
                boolean inside = 0 <= x && x < width && 0 <= y && y < object.grid().height();
                return inside && object.contains(y * width + x);
            });
        }

        /** The pixel before that a pixel after shows. */
        private int source(int pixel, double centre) {
            return (int) Math.floor((pixel + 0.5 - centre) / factor + centre);
        }

        Picture picture(Picture before) {
            if (factor == 1) {
                return before;
            }
            Point centre = object.centre();
            Size size = new Size(scaled(before.width()), scaled(before.height()));
            Picture resized = before.resize(size, Resampling.LANCZOS);
            byte[] samples = before.samples();
            for (int pixel = 0; pixel < before.size().pixels(); pixel++) {
                int x = target(pixel % before.width(), centre.x(), size.width());
                int y = target(pixel / before.width(), centre.y(), size.height());
                int rgb = resized.rgb(x, y);
                samples[3 * pixel] = (byte) (rgb >> 16);
                samples[3 * pixel + 1] = (byte) (rgb >> 8);
                samples[3 * pixel + 2] = (byte) rgb;
            }
            return Picture.of(before.size(), samples);
        }

        private int scaled(int side) {
            return Math.max(1, (int) Math.round(side * factor));
        }

        /** The pixel of the resized picture that a pixel shows. */
        private int target(int pixel, double centre, int side) {
            return Math.clamp((int) Math.floor(pixel + 0.5 - centre + centre * factor), 0, side - 1);
        }
    }
}
