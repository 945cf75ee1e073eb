package io.heddle.bench.quality;

import com.google.gson.JsonObject;
import io.heddle.bench.SideBySide;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Experiments on a model, item by item, with everything finished kept in the output folder: {@code items.jsonl}, and after each experiment
 * {@code quality.csv} and {@code quality.md}.
 *
 * @param model a folder in the layout of the diffusers library
 * @param items of every experiment that runs; tables of others have all that were measured
 * @param steps of DDIM
 * @param threads items that are measured side by side; no number depends on them
 * @param out the output folder; made if it does not exist
 * @param names the experiments that run, in whatever order; empty for all
 */
public record QualityRun(Path model, int items, int steps, int threads, Path out, List<String> names) {
    private static final List<Experiment> ALL = List.of(
            new OracleAccuracy(), new TextToImage(), new AttentionToObject(), new Correspondence(), new WordEdits(), new WordWeights(),
            new Inversions(),
            new PromptTuning(), new Dragging());

    /** Refuses runs of nothing and unknown experiments. */
    public QualityRun {
        names = List.copyOf(names);
        if (items < 1 || steps < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "a quality run needs at least one item, step and thread, but got " + items + ", " + steps + " and " + threads);
        }
        for (String name : names) {
            if (experiments().stream().noneMatch(name::equals)) {
                throw new IllegalArgumentException("there is no experiment " + name + ": choose of " + String.join(",", experiments()));
            }
        }
    }

    /** The names of all experiments. */
    public static List<String> experiments() {
        return ALL.stream().map(Experiment::name).toList();
    }

    /**
     * Measures what is not measured yet and writes the tables of everything that is.
     *
     * @param progress hears a line after every item
     */
    public void run(Consumer<String> progress) {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + out, e);
        }
        ItemLog log = ItemLog.open(out.resolve("items.jsonl"), settings());
        try (SideBySide<Laboratory> workers = new SideBySide<>(threads, () -> Laboratory.open(model, steps))) {
            for (Experiment experiment : ALL) {
                if (runs(experiment)) {
                    List<Integer> open = IntStream.range(0, items).filter(item -> !log.has(experiment.name(), item)).boxed().toList();
                    workers.each(open, (laboratory, item) -> measure(laboratory, experiment, item, log, progress));
                    write(log);
                }
            }
        }
    }

    private boolean runs(Experiment experiment) {
        return names.isEmpty() || names.contains(experiment.name());
    }

    private void measure(Laboratory laboratory, Experiment experiment, int item, ItemLog log, Consumer<String> progress) {
        long start = System.nanoTime();
        Measurements results = new Measurements();
        try (Session session = new Session(laboratory, item)) {
            experiment.measure(session, results);
        }
        log.add(experiment.name(), item, results.list());
        progress.accept("%s %d/%d, %.1f s".formatted(experiment.name(), item + 1, items, (System.nanoTime() - start) / 1e9));
    }

    private void write(ItemLog log) {
        List<QualityTable> tables = new ArrayList<>();
        for (Experiment experiment : ALL) {
            tables.add(new QualityTable(experiment, log.of(experiment.name(), runs(experiment) ? items : Integer.MAX_VALUE)));
        }
        StringBuilder csv = new StringBuilder(QualityTable.CSV_HEAD);
        StringBuilder markdown = new StringBuilder("# Quality\n\n").append("Model ").append(fingerprint()).append(", DDIM in ").append(steps)
                .append(" steps. Brackets are 95 % confidence intervals: Wilson's for rates, else from the standard error.\n\n");
        tables.stream().filter(table -> !table.isEmpty()).forEach(table -> {
            csv.append(table.csv());
            markdown.append(table.markdown());
        });
        AtomicFile.write(out.resolve("quality.csv"), Existing.REPLACE, file -> Files.writeString(file, csv));
        AtomicFile.write(out.resolve("quality.md"), Existing.REPLACE, file -> Files.writeString(file, markdown));
    }

    private JsonObject settings() {
        JsonObject settings = new JsonObject();
        settings.addProperty("model", fingerprint());
        settings.addProperty("steps", steps);
        return settings;
    }

    /** The checksum of the weights. */
    private String fingerprint() {
        CRC32 checksum = new CRC32();
        for (String part : List.of("text_encoder", "unet", "vae")) {
            try (var files = Files.list(model.resolve(part))) {
                for (Path file : files.filter(name -> name.toString().endsWith(".safetensors")).sorted().toList()) {
                    checksum.update(Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the weights in " + model.resolve(part), e);
            }
        }
        return "%08x".formatted(checksum.getValue());
    }
}
