package io.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The numbers in the README's table are those of the committed measurements. */
class ReadmeNumbersTest {
    private static final Pattern QUALITY = Pattern.compile("([^,]+),\"([^\"]*)\",([^,]+),(\\d+),([-\\d.]+),.*");

    private static final Pattern POSES = Pattern.compile("\"([^\"]+)\",(\\d+),(\\d+),(\\d+),.*");

    private static final Map<String, Measured> MEASURED = new HashMap<>();

    private record Measured(int items, double mean) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f", mean);
        }
    }

    @BeforeAll
    static void read() throws IOException {
        for (String line : Files.readAllLines(Path.of("results/quality/quality.csv"))) {
            Matcher cells = QUALITY.matcher(line);
            if (cells.matches()) {
                MEASURED.put(cells.group(1) + "/" + cells.group(2) + "/" + cells.group(3),
                        new Measured(Integer.parseInt(cells.group(4)), Double.parseDouble(cells.group(5))));
            }
        }
        for (String line : Files.readAllLines(Path.of("results/quality/poses.csv"))) {
            Matcher cells = POSES.matcher(line);
            if (cells.matches()) {
                int scenes = Integer.parseInt(cells.group(2));
                MEASURED.put("imagic/" + cells.group(1) + "/changed and kept",
                        new Measured(scenes, Integer.parseInt(cells.group(4)) / (double) scenes));
            }
        }
    }

    private static String row(String label, String ours, String baseline) {
        Measured number = measured(ours);
        return "| %s | %s | %s | %d |".formatted(label, number, baseline.isEmpty() ? "" : measured(baseline), number.items);
    }

    private static Measured measured(String key) {
        return assertThat(MEASURED).as("committed measurements").extractingByKey(key).isNotNull().actual();
    }

    @Test
    void numbers_areThoseOfTheCommittedMeasurements() throws IOException {
        List<String> rows = List.of(
                row("text to image, one thing | kind, colour, texture and background are the prompt's",
                        "text-to-image/one thing, guidance 5.0/all four", ""),
                row("text to image, two things | both are right, each in its place", "text-to-image/two things, guidance 5.0/whole pair", ""),
                row("Prompt-to-Prompt, another colour | the thing has it", "p2p/colour/success", "p2p/colour, naive/success"),
                row("Prompt-to-Prompt, another colour | the silhouette stays, IoU", "p2p/colour/mask iou", "p2p/colour, naive/mask iou"),
                row("Prompt-to-Prompt, a texture added | the thing has it", "p2p/texture added/success", "p2p/texture added, naive/success"),
                row("Prompt-to-Prompt, a texture added | the silhouette stays, IoU", "p2p/texture added/mask iou",
                        "p2p/texture added, naive/mask iou"),
                row("DragonDiffusion, move | within 3 px of the goal", "dragon/move/within 3 px", "dragon/move, naive/within 3 px"),
                row("DragonDiffusion, resize | the area is right to 15 %", "dragon/resize/area within 15 percent",
                        "dragon/resize, naive/area within 15 percent"),
                row("DragonDiffusion, appearance | the thing has the other one's colour", "dragon/appearance/colour",
                        "dragon/appearance, naive/colour"),
                row("Imagic at η = 1.4, another pose | it is read, and colour, texture and background are kept",
                        "imagic/Imagic, eta 1.4/changed and kept",
                        "imagic/SDEdit, strength 0.8/changed and kept"),
                row("Prompt Tuning Inversion at η = 0.8, another colour | the thing of a rendered picture has it", "pti/eta 0.8/success", ""));
        assertThat(Files.readAllLines(Path.of("../README.md"))).containsSequence(rows);
    }
}
