package io.heddle.bench.quality;

import java.util.ArrayList;
import java.util.List;

/** What one item of an experiment gave, in the order of the table. */
final class Measurements {
    /** One number. */
    record Measurement(String row, Metric metric, double value) {}

    private final List<Measurement> list = new ArrayList<>();

    void add(String row, Metric metric, double value) {
        list.add(new Measurement(row, metric, value));
    }

    void add(String row, Metric metric, boolean value) {
        add(row, metric, value ? 1 : 0);
    }

    List<Measurement> list() {
        return List.copyOf(list);
    }
}
