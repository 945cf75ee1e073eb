package io.heddle.bench.imagic;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.heddle.bench.Interval;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The outcomes of all scenes by method, and the table made of them. */
final class PoseScores {
    private static final String IMAGIC = "Imagic";
    private static final String SDEDIT = "SDEdit";

    private final Map<String, List<Outcome>> byMethod = new LinkedHashMap<>();
    /** By method: at each picture the mildest setting that changes the pose, the strongest where none does. */
    private final Map<String, List<Outcome>> mildest = new LinkedHashMap<>();

    /**
     * One line of the table.
     *
     * @param changed scenes whose pose is the target's
     * @param kept those of them in which everything else is the input's
     */
    private record Line(String method, int scenes, int changed, int kept, double similarity) {
        static Line of(String method, List<Outcome> outcomes) {
            int changed = (int) outcomes.stream().filter(Outcome::changed).count();
            int kept = (int) outcomes.stream().filter(outcome -> outcome.changed() && outcome.kept()).count();
            double similarity = outcomes.stream().mapToDouble(Outcome::similarity).average().orElse(Double.NaN);
            return new Line(method, outcomes.size(), changed, kept, similarity);
        }

        /** The share that is as it should be. */
        double successful() {
            return kept / (double) scenes;
        }

        String csv() {
            return String.format(Locale.ROOT, "\"%s\",%d,%d,%d,%.4f%n", method, scenes, changed, kept, similarity);
        }

        String markdown() {
            return String.format(Locale.ROOT, "| %s | %s | %s | %.3f |%n", method, share(changed, scenes), share(kept, changed), similarity);
        }

        private static String share(int hits, int count) {
            if (count == 0) {
                return "";
            }
            Interval interval = Interval.ofShare(hits / (double) count, count);
            return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", interval.mean(), interval.low(), interval.high());
        }
    }

    /** Adds the outcomes of one scene. */
    void add(JsonObject verdict) {
        Map<String, List<Outcome>> settings = new LinkedHashMap<>(Map.of(IMAGIC, new ArrayList<>(), SDEDIT, new ArrayList<>()));
        for (Map.Entry<String, JsonElement> entry : verdict.entrySet()) {
            if (entry.getValue() instanceof JsonObject json) {
                Outcome outcome = Outcome.of(json);
                byMethod.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(outcome);
                settings.forEach((method, outcomes) -> {
                    if (entry.getKey().startsWith(method)) {
                        outcomes.add(outcome);
                    }
                });
            }
        }
        settings.forEach((method, outcomes) -> mildest.computeIfAbsent(method, _ -> new ArrayList<>())
                .add(outcomes.stream().filter(Outcome::changed).findFirst().orElse(outcomes.getLast())));
    }

    /** Writes {@code table.csv} and {@code table.md}. */
    void write(Path folder) {
        List<Line> lines = new ArrayList<>(byMethod.entrySet().stream().map(entry -> Line.of(entry.getKey(), entry.getValue())).toList());
        Line best = lines.stream().filter(line -> line.method.startsWith(IMAGIC)).max(Comparator.comparing(Line::successful)).orElseThrow();
        Line matched = lines.stream()
                .filter(line -> line.method.startsWith(SDEDIT))
                .min(Comparator.comparing(line -> Math.abs(line.changed - best.changed)))
                .orElseThrow();
        lines.add(Line.of("Imagic at each picture's first eta that changes the pose", mildest.get(IMAGIC)));
        lines.add(Line.of("SDEdit at each picture's first strength that changes the pose", mildest.get(SDEDIT)));
        String csv = "method,scenes,changed,changed and kept,similarity\n" + String.join("", lines.stream().map(Line::csv).toList());
        String markdown = "| method | pose changed | colour, texture and background kept of those | SSIM to the input |\n|---|---|---|---|\n"
                + String.join("", lines.stream().map(Line::markdown).toList())
                + "\nBest: " + best.method + ". SDEdit at the edit success nearest to it: " + matched.method
                + ". Intervals are of 95 % confidence.\n";
        AtomicFile.write(folder.resolve("table.csv"), Existing.REPLACE, file -> Files.writeString(file, csv));
        AtomicFile.write(folder.resolve("table.md"), Existing.REPLACE, file -> Files.writeString(file, markdown));
    }
}
