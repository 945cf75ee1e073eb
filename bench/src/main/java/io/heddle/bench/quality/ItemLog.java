package io.heddle.bench.quality;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.bench.quality.Measurements.Measurement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The finished items of all experiments, a line of JSON each in a file that only grows; the first line says under what settings. A line without an end was
 * being written when the program was stopped, and is taken back.
 */
final class ItemLog {
    private static final Gson JSON = new Gson();

    private final Path file;
    private final Map<String, TreeMap<Integer, List<Measurement>>> items = new TreeMap<>();

    private record Line(String experiment, int item, List<Measurement> values) {}

    private ItemLog(Path file) {
        this.file = file;
    }

    /**
     * Opens a log, or begins one.
     *
     * @param settings what numbers depend on; a log of other settings is not continued
     * @throws IllegalArgumentException if the log was made under other settings
     */
    static ItemLog open(Path file, JsonObject settings) {
        ItemLog log = new ItemLog(file);
        List<String> lines = log.wholeLines();
        if (lines.isEmpty()) {
            log.append(settings.toString());
            return log;
        }
        JsonObject before = JsonParser.parseString(lines.getFirst()).getAsJsonObject();
        if (!before.equals(settings)) {
            throw new IllegalArgumentException(file + " was measured with " + before + ", but this run has " + settings
                    + ": give it a folder of its own, or the same model and settings");
        }
        lines.stream().skip(1).map(line -> JSON.fromJson(line, Line.class)).forEach(log::remember);
        return log;
    }

    synchronized boolean has(String experiment, int item) {
        return items.getOrDefault(experiment, new TreeMap<>()).containsKey(item);
    }

    synchronized void add(String experiment, int item, List<Measurement> values) {
        Line line = new Line(experiment, item, values);
        append(JSON.toJson(line));
        remember(line);
    }

    /** The measurements of an experiment's items from 0 up to a number of them, in order. */
    synchronized List<Measurement> of(String experiment, int count) {
        return items.getOrDefault(experiment, new TreeMap<>()).headMap(count).values().stream().flatMap(List::stream).toList();
    }

    private void remember(Line line) {
        items.computeIfAbsent(line.experiment(), _ -> new TreeMap<>()).put(line.item(), line.values());
    }

    private List<String> wholeLines() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            String text = Files.readString(file);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            if (whole.length() < text.length()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
                }
            }
            return new ArrayList<>(whole.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private void append(String line) {
        try {
            Files.write(file, (line + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
