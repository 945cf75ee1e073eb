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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command of the model card, at a few steps. */
class TrainCommandTest {
    private static final List<String> SIZES = List.of(
            "--autoencoder-samples", "20", "--samples", "48", "--pair-samples", "48", "--order-samples", "48", "--decoder-samples", "6",
            "--pool", "4", "--pair-pool", "5");

    @TempDir
    private Path folder;

    private CommandRun train(String... more) {
        return trainTo(folder.resolve("model"), more);
    }

    private static CommandRun trainTo(Path out, String... more) {
        List<String> begin = List.of("train", "--out", out.toString());
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
        CommandRun replaced = train("--seed", "4", "--overwrite");
        assertThat(replaced.code()).as(replaced.err()).isZero();
        assertThat(Files.readString(model.resolve("README.md"))).contains("--seed 4");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
        assertThat(
                heddle("generate", "--model", model.toString(), "--prompt", "a red ball", "--steps", "1", "-o", folder.resolve("ball.png").toString())
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "model/.", "."})
    void folderOfOtherThings_isNeverReplaced(String out) throws IOException {
        Path other = Files.createDirectories(folder.resolve("model/checkpoint"));
        Path weights = Files.writeString(other.resolve("weights.safetensors"), "mine");
        CommandRun run = trainTo(folder.resolve(out), "--overwrite");
        assertThat(run.code()).as(run.err()).isEqualTo(Heddle.WRONG_INPUT);
        assertThat(run.err()).startsWith("heddle: ").contains("choose another folder").hasLineCount(1);
        assertThat(weights).hasContent("mine");
    }

    @Test
    void tooFewSamples_areWrongInput() {
        CommandRun run = heddle("train", "--out", folder.resolve("model").toString(), "--samples", "47");
        assertThat(run.code()).isEqualTo(Heddle.WRONG_INPUT);
        assertThat(run.err()).contains("a step takes 48");
    }
}
