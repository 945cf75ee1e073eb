package io.heddle.editing.dragon;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Latents;
import io.heddle.editing.inversion.SourceText;
import io.heddle.nn.ParameterScope;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.unet.UNetConfig.Level;
import java.util.List;

/** A network of four levels with weights of a formula, and a picture that is not square: 96x64 pixels, of a latent of 12x8. */
final class TinyDragon implements AutoCloseable {
    static final Extent LATENT = new Extent(8, 12);
    static final Extent PICTURE = new Extent(64, 96);
    static final Mask OBJECT = Mask.rectangle(PICTURE, new Point(16, 16), new Point(24, 24));
    static final Move MOVE = new Move(OBJECT, new Point(32, 8), 1);
    static final Drag DRAG = new Drag(
            List.of(new Drag.Handle(new Point(20, 20), new Point(44, 30))), Mask.rectangle(PICTURE, new Point(8, 8), new Point(56, 40)));
    static final Appearance APPEARANCE = new Appearance(OBJECT, Mask.ellipse(PICTURE, new Point(60, 40), new Point(16, 12)));
    static final Paste PASTE = new Paste(OBJECT, new Point(30, 10));
    private static final int TOKENS = 6;
    private static final int TEXT_WIDTH = 32;

    final Device device;
    final Network network;
    final SourceText text;
    private final Scope scope;
    private final UNet unet;

    TinyDragon(int steps, int threads) {
        this(Device.open("cpu", threads), DdimConfig.stableDiffusion().steps(steps));
    }

    TinyDragon(Device opened, DdimSchedule schedule) {
        device = opened;
        scope = device.scope();
        List<Level> levels = List.of(
                new Level(16, 2, true, true, 1), new Level(16, 2, true, true, 1), new Level(32, 2, true, true, 1), new Level(32, 2, false, false, 1));
        UNetConfig config = new UNetConfig(8, 4, 4, true, 0, levels, 1, 8, 1e-5f, TEXT_WIDTH, false);
        unet = UNet.load(ParameterScope.root(device, new FormulaWeights()), config);
        network = new Network(unet, schedule);
        text = new SourceText("source", encoding("source"), encoding("empty"));
    }

    private TextEmbedding encoding(String name) {
        return TextEmbedding.of(device.tensor(Shape.of(1, TOKENS, TEXT_WIDTH), FormulaWeights.input(name, TOKENS * TEXT_WIDTH)));
    }

    UNet unet() {
        return unet;
    }

    /** A clean latent or noise. */
    Tensor latent(long seed) {
        return Latents.noise(device, seed, 1, LATENT, 4);
    }

    MemoryBank bank(long seed, DragonSettings settings) {
        return MemoryBank.invert(network, latent(seed), text, settings);
    }

    /** An edit, ready to run. */
    DragonDiffusion dragon(Edit edit, DragonSettings settings) {
        MemoryBank bank = bank(1, settings);
        return switch (edit) {
            case Move _, Drag _ -> DragonDiffusion.of(network, PICTURE, bank, edit, settings);
            case Appearance _, Paste _ -> DragonDiffusion.of(network, PICTURE, bank, bank(2, settings), edit, settings);
        };
    }

    @Override
    public void close() {
        unet.close();
        scope.close();
        device.close();
    }
}
