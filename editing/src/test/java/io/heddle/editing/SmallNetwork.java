package io.heddle.editing;

import io.heddle.attention.TextEmbedding;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.unet.UNetConfig.Level;
import java.util.List;

/** A network of two levels with weights of a formula, and inputs for it. */
public final class SmallNetwork {
    /** Tokens of a text. */
    public static final int TOKENS = 6;

    private static final int TEXT_WIDTH = 32;

    private SmallNetwork() {}

    /** The network. */
    public static UNet load(Device device) {
        List<Level> levels = List.of(new Level(32, 8, true, true, 1), new Level(64, 8, false, false, 1));
        return UNet.load(ParameterScope.root(device, new FormulaWeights()), new UNetConfig(8, 4, 4, true, 0, levels, 1, 8, 1e-5f, TEXT_WIDTH, false));
    }

    /** Unit-variance latents {@code [1, 8, 8, 4]}. */
    public static Tensor latent(Device device) {
        return Latents.noise(device, 0, 1, new Extent(8, 8), 4);
    }

    /** Any text, another for each name. */
    public static TextEmbedding text(Device device, String name) {
        return TextEmbedding.of(device.tensor(Shape.of(1, TOKENS, TEXT_WIDTH), FormulaWeights.input(name, TOKENS * TEXT_WIDTH)));
    }
}
