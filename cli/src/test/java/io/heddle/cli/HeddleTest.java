package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeddleTest {
    static Stream<List<String>> wrongCommandLines() {
        return Stream.of(
                List.of(),
                List.of("tokenise"),
                List.of("tokenize"),
                List.of("tokenize", "--modell", "x", "text"),
                List.of("tokenize", "text", "--model"),
                List.of("info"),
                List.of("info", "no/such/folder"),
                List.of("info", "no-such.safetensors"),
                List.of("info", "no-such.png"),
                List.of("doctor", "--threads", "many"),
                List.of("doctor", "--threads", "-2"),
                List.of("doctor", "--dtype", "fp16"),
                List.of("doctor", "--device", "abacus"));
    }

    @ParameterizedTest
    @MethodSource("wrongCommandLines")
    void wrongInput_endsWithOneSentenceAndCodeTwo(List<String> arguments) {
        CommandRun run = heddle(arguments.toArray(String[]::new));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("heddle: ").hasLineCount(1).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train --out FILE/model", "train --out FILE", "demo -o FILE/demo", "demo -o FILE", "maps -p cat -o FILE/maps",
        "edit imagic --image PICTURE --target-prompt cat -o OUT --tuned-out FILE", "generate -p cat -o FILE/cat.png"})
    void placeThatCannotBeWrittenTo_isToldInOneSentence(String arguments, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        Picture.filled(Size.square(64), 0x102030).write(folder.resolve("picture.png"), Map.of(), Existing.REFUSE);
        CommandRun run = heddle(arguments.replace("FILE", file.toString()).replace("PICTURE", folder.resolve("picture.png").toString())
                .replace("OUT", folder.resolve("out").toString()).split(" "));
        assertThat(run.code()).as(run.err()).isEqualTo(Heddle.WRONG_INPUT);
        assertThat(run.err()).startsWith("heddle: ").contains(file.toString()).doesNotContain("unexpected").hasLineCount(1);
        assertThat(file).hasContent("mine");
    }

    @Test
    void stacktrace_isShownOnlyOnRequest() {
        CommandRun run = heddle("info", "no-such.png", "--stacktrace");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("\tat io.heddle");
    }

    @Test
    void misspelledOption_isAnsweredWithASuggestion() {
        assertThat(heddle("tokenize", "--modle", "x", "text").err()).contains("--modle").contains("did you mean --model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "tokenize --help", "edit --help", "edit move --help", "info --help", "doctor --help"})
    void help_goesToStandardOutput_andDescribesEveryOption(String arguments) {
        CommandRun run = heddle(arguments.split(" "));
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("Usage: heddle").contains("--json").contains("--stacktrace");
    }

    @Test
    void help_namesEveryMethodOfEditing() {
        assertThat(heddle("edit", "-h").out()).contains("p2p", "pti", "imagic", "move", "resize", "drag", "appearance", "paste");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--json tokenize a", "tokenize --json a", "tokenize a --json"})
    void generalOptions_holdWhereverTheyStand(String arguments) {
        assertThat(heddle(arguments.split(" ")).json().getAsJsonArray("words")).hasSize(1);
    }

    @Test
    void doctor_namesTheModelThatCommandsUse() {
        assertThat(heddle("doctor", "--device", "cpu").out()).contains("model in use");
    }

    @Test
    void completion_knowsCommandsAndOptions() {
        assertThat(heddle("generate-completion").out()).contains("imagic", "--embedding-steps");
        assertThat(heddle("--help").out()).doesNotContain("completion");
    }

    @Test
    void version_isPrinted() {
        assertThat(heddle("--version").out()).isEqualTo("heddle development\n");
    }

    @Test
    void textThatBeginsWithAnAt_isNoFileOfArguments() {
        assertThat(heddle("info", "@pom.xml").err()).contains("@pom.xml");
    }
}
