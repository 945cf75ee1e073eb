package io.heddle.bench;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.dragon.DragonDiffusion;
import io.heddle.editing.dragon.DragonSettings;
import io.heddle.editing.dragon.Mask;
import io.heddle.editing.dragon.MemoryBank;
import io.heddle.editing.dragon.Move;
import io.heddle.editing.dragon.Network;
import io.heddle.editing.dragon.Point;
import io.heddle.editing.inversion.SourceText;
import io.heddle.schedulers.DdimConfig;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Times guided steps of a move at the size of Stable Diffusion 1.5, with random weights: the guided prediction that looks at the memory bank, the
 * features of the picture, those of the latent with two backward runs, and the step. Prints the seconds of each step but the first;
 * {@code peers/dragon.py} does the same in PyTorch. Argument: the number of steps, 4 by default.
 */
public final class DragonStep {
    private static final Extent PICTURE = new Extent(512, 512);

    private DragonStep() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        int steps = arguments.length == 0 ? 4 : Integer.parseInt(arguments[0]);
        try (Device device = Device.open("cpu", Integer.getInteger("heddle.bench.threads", 0));
                Scope _ = device.scope()) {
            RandomUNet unet = new RandomUNet(device, 1);
            Network network = new Network(unet.unet(), DdimConfig.stableDiffusion().steps(steps));
            SourceText text = new SourceText("", TextEmbedding.of(unet.encoding(1)), TextEmbedding.of(unet.encoding(1)));
            Move move = new Move(Mask.rectangle(PICTURE, new Point(128, 160), new Point(160, 160)), new Point(120, 40), 1);
            DragonSettings settings = DragonSettings.of(move).withGuidedUntil(50).withBank(0, 50);
            try (MemoryBank bank = MemoryBank.invert(network, unet.latents(1), text, settings)) {
                System.out.println(device + ", memory bank of " + bank.bytes() / steps / 1_000_000 + " MB for each step");
                List<Double> seconds = new ArrayList<>();
                long[] last = {System.nanoTime()};
                DragonDiffusion.of(network, PICTURE, bank, move, settings).run((step, _) -> {
                    long now = System.nanoTime();
                    if (step.index() > 0) {
                        seconds.add((now - last[0]) / 1e9);
                        System.out.printf(Locale.ROOT, "step %d: %.2f s%n", step.index(), seconds.getLast());
                    }
                    last[0] = now;
                });
                System.out.printf(Locale.ROOT, "median %.2f s%n", Report.median(seconds));
            }
        }
    }
}
