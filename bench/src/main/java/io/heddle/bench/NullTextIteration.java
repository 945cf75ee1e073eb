package io.heddle.bench;

import io.heddle.attention.Row.Branch;
import io.heddle.attention.TextEmbedding;
import io.heddle.bench.KernelClock.Spent;
import io.heddle.editing.NoisePredictor;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.NullTextInversion;
import io.heddle.editing.inversion.SourceText;
import io.heddle.editing.inversion.Tuning;
import io.heddle.schedulers.DdimConfig;
import io.heddle.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Times an update of null-text inversion at the size of Stable Diffusion 1.5: the network forward, backward to the empty prompt's embedding {@code [1, 77,
 * 768]}, and the optimiser, as {@link NullTextInversion} does it. Arguments: {@code kept} or {@code checkpointed}, for what gradients need, and the
 * number of updates, 5 by default; the first two warm up.
 */
public final class NullTextIteration {
    private static final int WARM_UPS = 2;

    private NullTextIteration() {}

    /** Prints the seconds of each update, their median, and the process's peak of resident memory. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0 || !List.of("kept", "checkpointed").contains(arguments[0])) {
            System.err.println("usage: NullTextIteration kept|checkpointed [UPDATES]");
            System.exit(2);
        }
        int updates = WARM_UPS + (arguments.length == 1 ? 5 : Integer.parseInt(arguments[1]));
        try (Device device = Device.open("cpu", Integer.getInteger("heddle.bench.threads", 0))) {
            List<Spent> spent = updates(new RandomUNet(device, 1), arguments[0].equals("checkpointed"), updates, _ -> {});
            List<Spent> measured = spent.subList(WARM_UPS, spent.size());
            measured.forEach(update -> System.err.printf(Locale.ROOT, "%.3f s, %.3f processor s%n", update.seconds(), update.cpuSeconds()));
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: %.3f s, %.3f processor s, peak resident memory %.2f GiB%n",
                    device,
                    arguments[0],
                    Report.median(measured.stream().map(Spent::seconds).toList()),
                    Report.median(measured.stream().map(Spent::cpuSeconds).toList()),
                    peakResidentGibibytes());
        }
    }

    /**
     * What each update of one step took: from an evaluation of the network to the next one.
     *
     * @param reached called with the number of updates done, when an update is about to start and after the last one
     */
    static List<Spent> updates(RandomUNet unet, boolean checkpointed, int updates, IntConsumer reached) {
        List<Spent> starts = new ArrayList<>();
        NoisePredictor predictor = (latents, pass) -> {
            if (pass.rows().getFirst().branch() == Branch.UNCONDITIONAL) {
                starts.add(Spent.now());
                reached.accept(starts.size() - 1);
            }
            return unet.unet().predict(latents, pass);
        };
        Inverter inverter = new Inverter("random", predictor, DdimConfig.stableDiffusion().steps(1), 7.5, checkpointed);
        NullTextInversion method = new NullTextInversion(new Tuning(updates, 0.01, OptionalDouble.empty()));
        try (SourceText text = new SourceText("random", TextEmbedding.of(unet.encoding(1)), TextEmbedding.of(unet.encoding(1)));
                Inversion _ = inverter.invert(unet.latents(1), text, method)) {
            return IntStream.range(0, updates).mapToObj(i -> starts.get(i + 1).minus(starts.get(i))).toList();
        }
    }

    /** The kernel's high-water mark, {@code VmHWM} in kB. */
    private static double peakResidentGibibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / (1 << 20))
                .findFirst()
                .orElse(Double.NaN);
    }
}
