package io.heddle.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.heddle.testkit.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QualityRunTest {
    private static final List<String> QUICK = List.of("oracle", "attention", "reweight");
    private static final int STEPS = 2;

    @Test
    void stoppedRun_goesOnAndGivesTheSameTables_onAnyThreads(@TempDir Path folder) throws IOException {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        run(folder.resolve("whole"), 2, 2, _ -> {});
        run(folder.resolve("stopped"), 1, 1, first::add);
        run(folder.resolve("stopped"), 2, 1, second::add);
        assertThat(first).hasSize(QUICK.size()).allMatch(line -> line.contains("1/1"));
        assertThat(second).hasSize(QUICK.size()).allMatch(line -> line.contains("2/2"));
        for (String table : List.of("quality.csv", "quality.md")) {
            assertThat(folder.resolve("stopped").resolve(table)).hasSameTextualContentAs(folder.resolve("whole").resolve(table));
        }
        assertThat(Files.readString(folder.resolve("whole/quality.md"))).contains("## attention", "noun, all of 16x16", "weight -2.0");
    }

    @Test
    void tablesOfExperimentsThatDoNotRun_keepAllTheirItems(@TempDir Path folder) throws IOException {
        new QualityRun(SharedFiles.locate("toy_sd"), 3, STEPS, 1, folder, List.of("oracle")).run(_ -> {});
        new QualityRun(SharedFiles.locate("toy_sd"), 1, STEPS, 1, folder, List.of("reweight")).run(_ -> {});
        assertThat(Files.readString(folder.resolve("quality.csv"))).contains("oracle,\"rendered\",kind,3,", "reweight,\"weight 1.0\",probability,1,");
    }

    @Test
    void unknownExperiments_areRefused(@TempDir Path folder) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QualityRun(folder, 1, 1, 1, folder, List.of("imagic-p2p")))
                .withMessageContaining("there is no experiment imagic-p2p");
    }

    private static void run(Path out, int items, int threads, Consumer<String> progress) {
        new QualityRun(SharedFiles.locate("toy_sd"), items, STEPS, threads, out, QUICK).run(progress);
    }
}
