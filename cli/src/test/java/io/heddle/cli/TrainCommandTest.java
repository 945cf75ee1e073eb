package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command of the model card, at a few steps. */
class TrainCommandTest {
    private static final List<String> SIZES = List.of(
            "--autoencoder-samples", "20", "--samples", "48", "--pair-samples", "48", "--order-samples", "48", "--decoder-samples", "6",
            "--pool", "4", "--pair-pool", "5");

    @TempDir
    private Path folder;

    private CommandRun train(String... more) {
        List<String> begin = List.of("train", "--out", folder.resolve("model").toString());
        return heddle(Stream.of(begin, SIZES, List.of(more)).flatMap(List::stream).toArray(String[]::new));
    }

    @Test
    void train_makesAModelThatSaysHowItWasMade_andReusesIt() throws IOException {
        Path model = folder.resolve("model");
        CommandRun run = train("--seed", "3");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).containsPattern("heddle: decoder 1/1  loss .* left  psnr -?\\d+\\.\\d{4}  psnr_things -?\\d+\\.\\d{4}\\R");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
        assertThat(Files.readString(model.resolve("README.md")))
                .contains("./heddle train --out DIR --seed 3 " + String.join(" ", SIZES));
        assertThat(model).isDirectoryContaining("glob:**/training.png").isDirectoryContaining("glob:**/denoiser.csv");
        try (Stream<Path> files = Files.walk(model)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).as("bytes of the model").isLessThan(12_000_000);
        }
        assertThat(train("--seed", "3").err()).contains("already");
        assertThat(train("--seed", "4").code()).isEqualTo(Heddle.WRONG_INPUT);
        assertThat(
                heddle("generate", "--model", model.toString(), "--prompt", "a red ball", "--steps", "1", "-o", folder.resolve("ball.png").toString())
                        .code())
                .isZero();
    }

    @Test
    void tooFewSamples_areWrongInput() {
        CommandRun run = heddle("train", "--out", folder.resolve("model").toString(), "--samples", "47");
        assertThat(run.code()).isEqualTo(Heddle.WRONG_INPUT);
        assertThat(run.err()).contains("a step takes 48");
    }
}
