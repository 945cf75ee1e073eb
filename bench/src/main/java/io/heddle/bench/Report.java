package io.heddle.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * Prints results as a Markdown table: milliseconds, rate, share of the peak that OpenBLAS reaches without us, and the ratio to another library.
 *
 * <p>Its arguments are JSON files of JMH and of {@code peers/measure.py}, each written by a process of its own. A file's time for a row is the median of
 * its samples, the table's time the median over the files.
 */
public final class Report {
    private static final String OWN_PROVIDER = "openblas";

    private final Map<Line, List<Double>> ours = new LinkedHashMap<>();
    private final Map<String, List<Double>> natives = new TreeMap<>();
    private final Map<String, List<Double>> peers = new TreeMap<>();

    private record Line(String row, String variant) {
        @Override
        public String toString() {
            return variant.isEmpty() ? row : row + " (" + variant + ")";
        }
    }

    private Report() {}

    /** Prints the table of the given files. */
    public static void main(String[] files) throws IOException {
        Report report = new Report();
        for (String file : files) {
            JsonElement content = JsonParser.parseString(Files.readString(Path.of(file)));
            if (content.isJsonArray()) {
                content.getAsJsonArray().forEach(result -> report.addOurs(result.getAsJsonObject()));
            } else {
                report.addPeer(content.getAsJsonObject().getAsJsonObject("rows"));
            }
        }
        System.out.print(report.markdown());
    }

    private void addOurs(JsonObject result) {
        Map<String, String> params = result.getAsJsonObject("params").entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getAsString()));
        JsonObject metric = result.getAsJsonObject("primaryMetric");
        double milliseconds = median(metric.getAsJsonArray("rawData"));
        if (!metric.get("scoreUnit").getAsString().startsWith("ms/")) {
            throw new IllegalArgumentException("expected milliseconds, found " + metric.get("scoreUnit"));
        }
        String row = params.remove("row");
        if (result.get("benchmark").getAsString().contains("." + NativeGemmBench.class.getSimpleName() + ".")) {
            natives.computeIfAbsent(row, _ -> new ArrayList<>()).add(milliseconds);
        } else {
            ours.computeIfAbsent(new Line(row, String.join(" ", params.values())), _ -> new ArrayList<>()).add(milliseconds);
        }
    }

    private void addPeer(JsonObject rows) {
        rows.entrySet().forEach(entry -> peers.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                .add(1e3 * entry.getValue().getAsJsonObject().get("seconds").getAsDouble()));
    }

    private static double median(JsonArray forks) {
        return median(StreamSupport.stream(forks.spliterator(), false)
                .flatMap(fork -> StreamSupport.stream(fork.getAsJsonArray().spliterator(), false))
                .map(JsonElement::getAsDouble)
                .toList());
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private String markdown() {
        double peak = natives.keySet().stream().mapToDouble(row -> rate(row, natives.get(row))).max().orElse(Double.NaN);
        StringBuilder table = new StringBuilder("""
                | row | ms | GFLOP/s | of peak | OpenBLAS alone, ms | ratio | PyTorch, ms | ratio |
                |---|---|---|---|---|---|---|---|
                """);
        ours.forEach((line, own) -> {
            boolean compared = line.variant.isEmpty() || line.variant.equals(OWN_PROVIDER);
            table.append("| ").append(line).append(" | ").append(number("%.3f", median(own)));
            table.append(" | ").append(number("%.0f", rate(line.row, own)));
            table.append(" | ").append(number("%.0f %%", 100 * rate(line.row, own) / peak));
            table.append(beside(own, natives.getOrDefault(line.row, List.of())));
            table.append(beside(own, compared ? peers.getOrDefault(line.row, List.of()) : List.of())).append(" |\n");
        });
        return table.append("\nThe peak is the best rate of OpenBLAS alone, ").append(number("%.0f", peak)).append(" GFLOP/s.\n").toString();
    }

    /** GFLOP/s, or NaN where operations are not counted. */
    private static double rate(String row, List<Double> milliseconds) {
        double operations = Workload.parse(row).operations();
        return operations == 0 ? Double.NaN : operations / median(milliseconds) / 1e6;
    }

    /** The other's time and our share of it: the median of the pairs' ratios where processes ran in pairs. */
    private static String beside(List<Double> own, List<Double> other) {
        if (other.isEmpty()) {
            return " | | ";
        }
        double ratio = own.size() == other.size()
                ? median(IntStream.range(0, own.size()).mapToObj(i -> own.get(i) / other.get(i)).toList())
                : median(own) / median(other);
        return " | " + number("%.3f", median(other)) + " | " + number("%.2f", ratio);
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }
}
