package io.heddle.bench.quality;

import io.heddle.bench.Interval;
import io.heddle.bench.quality.Measurements.Measurement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The means of an experiment's measurements with their confidence intervals, as CSV and as Markdown. */
final class QualityTable {
    static final String CSV_HEAD = "experiment,row,metric,n,mean,low,high\n";

    private final Experiment experiment;
    private final Map<String, Map<Metric, Interval>> rows = new LinkedHashMap<>();
    private final SortedSet<Metric> metrics = new TreeSet<>();

    QualityTable(Experiment experiment, List<Measurement> measurements) {
        this.experiment = experiment;
        Map<String, Map<Metric, List<Double>>> values = new LinkedHashMap<>();
        for (Measurement measurement : measurements) {
            values.computeIfAbsent(measurement.row(), _ -> new EnumMap<>(Metric.class))
                    .computeIfAbsent(measurement.metric(), _ -> new ArrayList<>())
                    .add(measurement.value());
        }
        values.forEach((row, byMetric) -> byMetric.forEach((metric, items) -> {
            rows.computeIfAbsent(row, _ -> new EnumMap<>(Metric.class)).put(metric, metric.interval(items));
            metrics.add(metric);
        }));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** A line for each row and metric; intervals of 95 %. */
    String csv() {
        StringBuilder csv = new StringBuilder();
        rows.forEach((row, intervals) -> intervals.forEach((metric, interval) -> csv.append(String.format(
                Locale.ROOT, "%s,\"%s\",%s,%d,%.5f,%.5f,%.5f%n",
                experiment.name(), row, metric.label(), interval.n(), interval.mean(), interval.low(), interval.high()))));
        return csv.toString();
    }

    /** The table and what was done. */
    String markdown() {
        StringBuilder text = new StringBuilder("## ").append(experiment.name()).append("\n\n|  | items |");
        metrics.forEach(metric -> text.append(' ').append(metric.label()).append(" |"));
        text.append("\n|---|---|").append("---|".repeat(metrics.size())).append('\n');
        rows.forEach((row, intervals) -> {
            text.append("| ").append(row).append(" | ").append(items(intervals.values())).append(" |");
            metrics.forEach(metric -> text.append(' ').append(intervals.containsKey(metric) ? cell(metric, intervals.get(metric)) : "").append(" |"));
            text.append('\n');
        });
        return text.append('\n').append(experiment.protocol()).append("\n\n").toString();
    }

    /** How many items a row's numbers are means of: one number where all have as many. */
    private static String items(Collection<Interval> intervals) {
        IntSummaryStatistics counts = intervals.stream().mapToInt(Interval::n).summaryStatistics();
        return counts.getMin() == counts.getMax() ? "" + counts.getMax() : counts.getMin() + " to " + counts.getMax();
    }

    private static String cell(Metric metric, Interval interval) {
        return switch (metric) {
            case EVALUATIONS, CALLS, GRADIENTS -> String.format(Locale.ROOT, "%.0f", interval.mean());
            case KEPT_REGION_DB, DB_TO_PICTURE, DB_TO_AUTOENCODER -> String.format(
                    Locale.ROOT, "%.1f ± %.1f", interval.mean(), (interval.high() - interval.low()) / 2);
            case LATENT_MSE -> String.format(Locale.ROOT, "%.4f", interval.mean());
            default -> String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", interval.mean(), interval.low(), interval.high());
        };
    }
}
