package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.cli.demo.DemoSettings;
import io.heddle.toyworld.training.Trainer;
import io.heddle.toyworld.training.TrainingInterrupted;
import io.heddle.toyworld.training.TrainingListener;
import io.heddle.toyworld.training.TrainingSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the embedded model. */
@Command(name = "train",
        description = "Train a small model of the toy world from nothing, in the diffusers layout. An interrupted run goes on where it was, to the same bits.")
final class TrainCommand extends Subcommand {
    private static final String INDEX = "model_index.json";
    private static final String REPLACED = "replaced";

    @Option(names = {"-o", "--out"}, paramLabel = "DIR", required = true,
            description = "Folder of the finished model; until then, progress is kept in DIR.partial.")
    private Path out;

    @Option(names = {"-s", "--seed"}, paramLabel = "N", defaultValue = "1", description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "138240",
            description = "Pictures that text encoder and denoiser see, in steps of 48 (default: ${DEFAULT-VALUE}).")
    private long samples;

    @Option(names = "--pair-samples", paramLabel = "N", defaultValue = "187200",
            description = "Pictures, most of them of two things, that both see after that, in steps of 48 (default: ${DEFAULT-VALUE}).")
    private long pairSamples;

    @Option(names = "--order-samples", paramLabel = "N", defaultValue = "55200",
            description = "Pictures that both see at last, most of them of two things in almost nothing but noise, in steps of 48 (default: ${DEFAULT-VALUE}).")
    private long orderSamples;

    @Option(names = "--autoencoder-samples", paramLabel = "N", defaultValue = "30000",
            description = "Crops of 64x64 that the autoencoder sees, in steps of 20 (default: ${DEFAULT-VALUE}).")
    private long autoencoderSamples;

    @Option(names = "--decoder-samples", paramLabel = "N", defaultValue = "16200",
            description = "Whole pictures that its decoder sees at last, in steps of 6 (default: ${DEFAULT-VALUE}).")
    private long decoderSamples;

    @Option(names = "--pool", paramLabel = "N", defaultValue = "16384",
            description = "Different pictures among the samples; each is encoded once (default: ${DEFAULT-VALUE}).")
    private int pool;

    @Option(names = "--pair-pool", paramLabel = "N", defaultValue = "12288",
            description = "Different pictures among the pair and the order samples; each is encoded once (default: ${DEFAULT-VALUE}).")
    private int pairPool;

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "cpu", description = "cpu, cuda, or cuda:N (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the CPU (default: all processors); no bit depends on them.")
    private int threads;

    @Option(names = "--overwrite", description = "Replace the model that is in the folder, if it is another one that train made.")
    private boolean overwrite;

    @Override
    void execute() throws IOException {
        if (threads < 0) {
            throw new UserError("--threads is " + threads + ": expected 1 or more");
        }
        TrainingSettings settings = TrainingSettings.embedded(
                seed, autoencoderSamples, samples, pairSamples, orderSamples, decoderSamples, pool, pairPool);
        Path target = out.toAbsolutePath().normalize();
        if (holdsModelOf(settings, target)) {
            tell(out + " holds the model of this training already");
        } else {
            requireReplaceable(target);
            Path work = target.resolveSibling(target.getFileName() + ".partial");
            try (TrainingProgress progress = new TrainingProgress(streams(), global())) {
                publish(new Trainer(settings, work, progress).run(device, threads), target, work.resolve(REPLACED));
            } catch (TrainingInterrupted _) {
                // the program is ending, and the listener has said where it goes on
                return;
            }
            delete(work);
        }
        show(new Shown(out));
    }

    private static boolean holdsModelOf(TrainingSettings settings, Path folder) throws IOException {
        return holdsTrainedModel(folder) && Files.readString(folder.resolve(Trainer.SETTINGS)).equals(settings.toJson());
    }

    private static boolean holdsTrainedModel(Path folder) {
        return Files.exists(folder.resolve(Trainer.SETTINGS)) && Files.exists(folder.resolve(INDEX));
    }

    /** Refuses a place that the finished model could not take without harm, before hours of work. */
    private void requireReplaceable(Path target) {
        if (!Files.exists(target) || new OutputFolder(target).isEmpty()) {
            return;
        }
        if (!holdsTrainedModel(target)) {
            throw new UserError(out + " holds something else than a model that heddle train made, and is left as it is: choose another folder");
        }
        if (!overwrite) {
            throw new UserError(out + " exists and is not the model of this training: choose another folder or add --overwrite");
        }
    }

    /** Gives the model its name; what had it goes only after that. */
    private static void publish(Path model, Path target, Path replaced) throws IOException {
        if (Files.exists(target)) {
            delete(replaced);
            Files.move(target, replaced);
        }
        Files.move(model, target);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Tells a person how a training goes: one line that is drawn anew on a terminal, elsewhere a line for each validation. */
    private static final class TrainingProgress implements TrainingListener, AutoCloseable {
        private static final double SECONDS_PER_MINUTE = 60;

        private final PrintStream err;
        private final boolean drawn;
        private final boolean quiet;
        private boolean begun;

        TrainingProgress(Streams streams, GlobalOptions global) {
            err = streams.err();
            drawn = streams.terminal() && !global.quiet;
            quiet = global.quiet;
        }

        @Override
        public void stage(String description) {
            close();
            if (!quiet) {
                err.println("heddle: " + description);
            }
        }

        @Override
        public void progress(io.heddle.toyworld.training.Progress progress) {
            String line = String.format(Locale.ROOT, "%s %d/%d  loss %.4f  %.1f samples/s  %.0f GFLOP/s  %.0f min left", progress.network(),
                    progress.step(), progress.steps(), progress.loss(), progress.samplesPerSecond(), progress.gigaflops(),
                    progress.secondsLeft() / SECONDS_PER_MINUTE);
            if (drawn) {
                err.print("\r" + line + "  ");
                err.flush();
                begun = true;
            }
            if (!quiet && !progress.measured().isEmpty()) {
                close();
                err.println("heddle: " + line + "  " + measured(progress));
            }
        }

        private static String measured(io.heddle.toyworld.training.Progress progress) {
            return progress.measured().entrySet().stream()
                    .map(measure -> String.format(Locale.ROOT, "%s %.4f", measure.getKey(), measure.getValue())).collect(Collectors.joining("  "));
        }

        @Override
        public void close() {
            if (begun) {
                err.println();
                begun = false;
            }
        }
    }

    private record Shown(Path model) implements Report {
        @Override
        public JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty("model", model.toString());
            return json;
        }

        @Override
        public void print(PrintStream out) {
            out.println(model + ": see its README.md; ./heddle generate --model " + DemoSettings.quoted(model.toString())
                    + " --prompt \"a red ball on the grass\"");
        }
    }
}
