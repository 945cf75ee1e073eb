package io.heddle.toyworld.training;

import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The course of a training as CSV: one row for each few steps, with measured values where something was measured. */
final class TrainingLog {
    private static final List<String> COLUMNS =
            List.of("step", "samples", "loss", "learning_rate", "gradient_norm", "samples_per_second", "gflop_per_second");

    private final Path path;
    private final List<String> measures;
    private final List<String> lines = new ArrayList<>();

    private TrainingLog(Path path, List<String> measures) {
        this.path = path;
        this.measures = measures;
    }

    /** Opens a log and drops what lies behind the step at which the training goes on. */
    static TrainingLog open(Path path, List<String> measures, int step) {
        TrainingLog log = new TrainingLog(path, measures);
        if (Files.exists(path)) {
            try {
                Files.readAllLines(path).stream().skip(1).filter(line -> step(line) <= step).forEach(log.lines::add);
            } catch (IOException e) {
                throw new UncheckedIOException("the log " + path + " cannot be read", e);
            }
        }
        log.write();
        return log;
    }

    private static int step(String line) {
        return Integer.parseInt(line.substring(0, line.indexOf(',')));
    }

    /** Adds a row. */
    void add(Progress progress) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%d,%d,%.6f,%.3e,%.4f,%.2f,%.1f", progress.step(), progress.samples(),
                progress.loss(), progress.learningRate(),
                progress.gradientNorm(), progress.samplesPerSecond(), progress.gigaflops()));
        for (String measure : measures) {
            Double value = progress.measured().get(measure);
            line.append(',').append(value == null ? "" : String.format(Locale.ROOT, "%.5f", value));
        }
        lines.add(line.toString());
        write();
    }

    private void write() {
        List<String> all = new ArrayList<>();
        List<String> header = new ArrayList<>(COLUMNS);
        header.addAll(measures);
        all.add(String.join(",", header));
        all.addAll(lines);
        AtomicFile.write(path, Existing.REPLACE, file -> Files.write(file, all));
    }

    /**
     * What a log says of a training.
     *
     * @param network what was trained
     * @param samples seen at each row
     * @param losses mean of each row
     * @param measured the last value of each measure
     */
    record Curve(String network, double[] samples, double[] losses, Map<String, Double> measured) {}

    /** Reads a log. */
    static Curve curve(String network, Path path) throws IOException {
        List<String> all = Files.readAllLines(path);
        List<String> header = List.of(all.getFirst().split(","));
        List<String[]> rows = all.stream().skip(1).map(line -> line.split(",", -1)).toList();
        Map<String, Double> measured = new LinkedHashMap<>();
        for (String[] row : rows) {
            for (int column = COLUMNS.size(); column < row.length; column++) {
                if (!row[column].isEmpty()) {
                    measured.put(header.get(column), Double.valueOf(row[column]));
                }
            }
        }
        return new Curve(network, column(rows, header.indexOf("samples")), column(rows, header.indexOf("loss")), measured);
    }

    private static double[] column(List<String[]> rows, int column) {
        return rows.stream().mapToDouble(row -> Double.parseDouble(row[column])).toArray();
    }
}
