package io.heddle.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import io.heddle.bench.quality.Measurements.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ItemLogTest {
    private static final Measurement FIRST = new Measurement("colour, naive", Metric.SUCCESS, 1);
    private static final Measurement SECOND = new Measurement("colour", Metric.MASK_IOU, 0.8765432109876543);

    private Path file;

    @BeforeEach
    void locate(@TempDir Path folder) {
        file = folder.resolve("items.jsonl");
    }

    @Test
    void reopenedLog_hasWhatWasFinished() {
        ItemLog log = ItemLog.open(file, settings(50));
        log.add("p2p", 1, List.of(SECOND));
        log.add("p2p", 0, List.of(FIRST));
        ItemLog again = ItemLog.open(file, settings(50));
        assertThat(again.has("p2p", 0)).isTrue();
        assertThat(again.has("p2p", 2)).isFalse();
        assertThat(again.has("pti", 0)).isFalse();
        assertThat(again.of("p2p", 2)).containsExactly(FIRST, SECOND);
        assertThat(again.of("p2p", 1)).containsExactly(FIRST);
    }

    @Test
    void lineWithoutAnEnd_isTakenBack() throws IOException {
        ItemLog.open(file, settings(50)).add("p2p", 0, List.of(FIRST));
        Files.writeString(file, "{\"experiment\":\"p2p\",\"it", StandardOpenOption.APPEND);
        ItemLog again = ItemLog.open(file, settings(50));
        again.add("p2p", 1, List.of(SECOND));
        assertThat(ItemLog.open(file, settings(50)).of("p2p", 2)).containsExactly(FIRST, SECOND);
    }

    @Test
    void logOfOtherSettings_isRefused() {
        ItemLog.open(file, settings(50));
        assertThatIllegalArgumentException().isThrownBy(() -> ItemLog.open(file, settings(25))).withMessageContaining("\"steps\":50");
    }

    private static JsonObject settings(int steps) {
        JsonObject settings = new JsonObject();
        settings.addProperty("steps", steps);
        return settings;
    }
}
