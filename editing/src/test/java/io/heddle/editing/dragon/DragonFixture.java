package io.heddle.editing.dragon;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.SourceText;
import io.heddle.schedulers.DdimConfig;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.ModelLocation;
import java.util.List;
import java.util.Optional;

/** The small model and the pictures, masks and points of a case of the published code, in the reference mode. */
final class DragonFixture implements AutoCloseable {
    static final Extent PICTURE = new Extent(256, 256);
    static final Point DISPLACEMENT = new Point(50, 26);
    static final int STEPS = 10;
    private static final double MOVE_SCALE = 2.5;

    final Fixture fixture;
    final StableDiffusion model;
    final Device device;
    final Network network;
    private final Scope scope;

    private DragonFixture(String name, Device device) {
        this.device = device;
        fixture = Fixture.of(name);
        scope = device.scope();
        model = StableDiffusion.load(ModelLocation.resolve(SharedFiles.locate("fixtures/model_a").toString(), Optional.empty()), device);
        network = new Network(model.unet(), DdimConfig.stableDiffusion().steps(STEPS));
    }

    static DragonFixture of(String name, Device device) {
        return new DragonFixture(name, device);
    }

    SourceText text() {
        return new SourceText("", text("in.context", 0), text("in.uncond", 0));
    }

    TextEmbedding text(String tensor, int row) {
        return TextEmbedding.of(fixture.tensor(device, tensor).row(row));
    }

    /** A mask of the case. */
    Mask mask(String tensor) {
        int[] dims = fixture.dims(tensor);
        long[] values = fixture.longs(tensor);
        return Mask.of(new Extent(dims[0], dims[1]), cell -> values[cell] > 0);
    }

    Tensor latent(String tensor) {
        return fixture.channelsLast(device, tensor);
    }

    /** The edit of a name. */
    Edit edit(String name) {
        return switch (name) {
            case "move" -> new Move(mask("in.mask_object"), DISPLACEMENT, 1);
            case "resize_up" -> new Move(mask("in.mask_object"), DISPLACEMENT, 1.25);
            case "resize_down" -> new Move(mask("in.mask_object"), DISPLACEMENT, 0.75);
            case "drag" -> new Drag(
                    List.of(new Drag.Handle(new Point(100, 90), new Point(118, 121)), new Drag.Handle(new Point(150, 160), new Point(147, 133))),
                    mask("in.mask_region"));
            case "appearance" -> new Appearance(mask("in.mask_base"), mask("in.mask_replace"));
            case "paste" -> new Paste(mask("in.mask_object"), DISPLACEMENT);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** The settings of the case: the published code with the case's energy scale. */
    DragonSettings settings(Edit edit) {
        return corrected(edit).asPublished();
    }

    /** The same numbers without the code's quirks. */
    DragonSettings corrected(Edit edit) {
        double scale = switch (edit) {
            case Move _ -> MOVE_SCALE;
            case Drag _, Paste _ -> 6;
            case Appearance _ -> 8;
        };
        return DragonSettings.of(edit).withEnergyScale(scale);
    }

    Canvas canvas() {
        return new Canvas(PICTURE, new Extent(32, 32));
    }

    @Override
    public void close() {
        model.close();
        scope.close();
    }
}
