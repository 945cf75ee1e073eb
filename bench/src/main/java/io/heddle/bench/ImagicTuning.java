package io.heddle.bench;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.imagic.Descent;
import io.heddle.editing.imagic.Imagic;
import io.heddle.editing.imagic.ImagicRun;
import io.heddle.editing.imagic.ImagicSettings;
import io.heddle.tensor.Device;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Tunes all weights of a model's network for a few steps, as Imagic does, and prints what each took and the largest resident memory of the process.
 * Arguments: a model, and the number of steps, 3 by default.
 */
public final class ImagicTuning {
    private ImagicTuning() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.err.println("usage: ImagicTuning MODEL [STEPS]");
            System.exit(2);
        }
        int steps = arguments.length == 1 ? 3 : Integer.parseInt(arguments[1]);
        ModelLocation location = ModelLocation.resolve(arguments[0], Optional.empty());
        ImagicSettings settings =
                ImagicSettings.STABLE_DIFFUSION.withEmbedding(new Descent(1, 2e-3, 1)).withNetwork(new Descent(steps, 5e-7, 1));
        try (Device device = Device.open("cpu", Integer.getInteger("heddle.bench.threads", 0));
                StableDiffusion model = StableDiffusion.load(location, device);
                Checkpoint base = location.open(Component.UNET);
                TextEmbedding target = model.encode("a bird spreading wings")) {
            Imagic imagic = Imagic.of(model, settings, true);
            System.out.println(device + ", estimate " + imagic.memory(model.latentSize(model.defaultSize())));
            try (ImagicRun run = imagic.prepare(model.noise(0, model.latentSize(model.defaultSize())), "", target, base::take)) {
                long[] last = {System.nanoTime()};
                run.finish(now -> {
                    long time = System.nanoTime();
                    System.out.printf(Locale.ROOT, "step %d of %d: %.1f s%n", now.done(), now.steps(), (time - last[0]) / 1e9);
                    last[0] = time;
                });
                System.out.println("losses " + run.report().networkLosses());
            }
            System.out.printf(Locale.ROOT, "tensors at most %.2f GB%n", device.memory().peakBytes() / 1e9);
        }
        Files.lines(Path.of("/proc/self/status")).filter(line -> line.startsWith("VmHWM")).forEach(System.out::println);
    }
}
