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

/** The shares in the README's table are those of the committed measurements. */
class ReadmeNumbersTest {
    private static final Pattern QUALITY = Pattern.compile("([^,]+),\"([^\"]*)\",([^,]+),(\\d+),([-\\d.]+),.*");

    private static final Map<String, Measured> MEASURED = new HashMap<>();

    private record Measured(int items, double share) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f", share);
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
    }

    private static String row(String label, String ours, String otherwise) {
        Measured share = measured(ours);
        return "| %s | %s | %s | %d |".formatted(label, share, otherwise.isEmpty() ? "" : measured(otherwise), share.items);
    }

    private static Measured measured(String key) {
        return assertThat(MEASURED).as("committed measurements").extractingByKey(key).isNotNull().actual();
    }

    @Test
    void shares_areThoseOfTheCommittedMeasurements() throws IOException {
        List<String> rows = List.of(
                row("a generated thing is what its prompt says: kind, colour, texture, background", "text-to-image/one thing, guidance 5.0/all four",
                        ""),
                row("two generated things are, each in its place", "text-to-image/two things, guidance 5.0/whole pair", ""),
                row("DragonDiffusion moves a thing to within 3 px of its goal; without energies", "dragon/move/within 3 px",
                        "dragon/move, naive/within 3 px"),
                row("its new size is right to within 15 % of the area; without energies",
                        "dragon/resize/area within 15 percent", "dragon/resize, naive/area within 15 percent"),
                row("a thing takes another one's colour; without energies", "dragon/appearance/colour", "dragon/appearance, naive/colour"));
        assertThat(Files.readAllLines(Path.of("../README.md"))).containsSequence(rows);
    }
}
