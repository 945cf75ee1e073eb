package io.heddle.bench.imagic;

import io.heddle.editing.StableDiffusion;
import io.heddle.editing.imagic.DenoisingJudge;
import io.heddle.editing.imagic.EditScore;
import io.heddle.editing.imagic.ImagicEditor;
import io.heddle.editing.imagic.ImagicSettings;
import io.heddle.editing.imagic.Start;
import io.heddle.editing.imagic.TedBench;
import io.heddle.editing.imagic.TedBenchItem;
import io.heddle.tensor.Device;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Runs Imagic on TEdBench, or on a benchmark of the same layout, and prints the mean scores of each η. Arguments: a model, the folder with
 * {@code input_list.json} and {@code originals}, and a folder for the results; an interrupted run goes on from there.
 */
public final class TedBenchRun {
    private static final List<Double> ETAS = List.of(0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0);
    private static final int STEPS = 50;
    private static final double GUIDANCE = 3;

    private TedBenchRun() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: TedBenchRun MODEL BENCHMARK FOLDER");
            System.exit(2);
        }
        List<TedBenchItem> items = TedBenchItem.read(Path.of(arguments[1]));
        Path out = Files.createDirectories(Path.of(arguments[2]));
        ModelLocation location = ModelLocation.resolve(arguments[0], Optional.empty());
        try (Device device = Device.open("cpu", Integer.getInteger("heddle.bench.threads", 0));
                StableDiffusion model = StableDiffusion.load(location, device);
                Checkpoint base = location.open(Component.UNET)) {
            ImagicEditor imagic = new ImagicEditor(model, base::take, ImagicSettings.standard(model.unet()), ETAS, STEPS, GUIDANCE, 0,
                    Start.standard(model.unet()));
            TedBench.Editor told = (picture, target, progress) -> {
                System.out.println(target + (Files.exists(Path.of(progress + ".partial")) ? " (goes on)" : ""));
                return imagic.edit(picture, target, progress);
            };
            List<EditScore> means = new TedBench(model.defaultSize().width(), ETAS, told, new DenoisingJudge(model)).run(items, imagic.recipe(), out);
            for (int i = 0; i < ETAS.size(); i++) {
                System.out.println("eta " + ETAS.get(i) + ": " + means.get(i));
            }
        }
    }
}
