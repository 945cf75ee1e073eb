package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.heddle.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention maps on the command line, on the embedded model. */
class MapsCommandTest {
    private static final int CONTEXT = 24;

    @TempDir
    Path folder;

    private Path out;

    private CommandRun maps(String output, String... more) {
        out = folder.resolve(output);
        List<String> arguments = new ArrayList<>(List.of("maps", "--steps", "1", "--json", "-o", out.toString()));
        arguments.addAll(List.of(more));
        return heddle(arguments.toArray(String[]::new));
    }

    @Test
    void overlays_areOneForEachWord() {
        CommandRun run = maps("out", "-p", "a red ball");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().getAsJsonArray("files").asList()).extracting(JsonElement::getAsString)
                .containsExactly(file("picture.png"), file("00-a.png"), file("01-red.png"), file("02-ball.png"));
    }

    static Stream<List<String>> impossibleSelections() {
        return Stream.of(
                List.of("out", "--sites", "cross"),
                List.of("out", "--sites", "self"),
                List.of("out", "--sites", "99x99"),
                List.of("out", "--sites", "everywhere"),
                List.of("maps.safetensors", "--sites", "cross,self"));
    }

    @ParameterizedTest
    @MethodSource("impossibleSelections")
    void impossibleSelection_isRefusedBeforeAnythingIsMade(List<String> arguments) throws IOException {
        CommandRun run = maps(arguments.getFirst(), "-p", "a red ball", arguments.get(1), arguments.get(2));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("heddle: ").contains(arguments.get(2)).hasLineCount(1);
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void truncatedPrompt_hasOverlaysOfTheWordsThatFit() {
        CommandRun run = maps("out", "--truncate", "-p", "red ".repeat(CONTEXT - 2) + "ball cat");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().getAsJsonArray("files").asList()).extracting(JsonElement::getAsString)
                .hasSize(1 + CONTEXT - 2).endsWith(file("21-red.png"));
    }

    @Test
    void grid_isSelectedAsThePlanPrintsIt() {
        String[] wide = {"-p", "a red ball", "--width", "192", "--height", "128"};
        assertThat(heddle(Stream.concat(Stream.of("maps", "--plan"), Stream.of(wide)).toArray(String[]::new)).out()).contains("24x16");
        CommandRun run = maps("maps.safetensors", Stream.concat(Stream.of(wide), Stream.of("--sites", "cross,24x16")).toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        try (SafetensorsFile file = SafetensorsFile.open(out)) {
            assertThat(file.tensors().values()).isNotEmpty().allSatisfy(map -> assertThat(map.shape()).containsExactly(16L, 24L, (long) CONTEXT));
        }
    }

    @Test
    void nameOfAPicture_isNoFolder() {
        CommandRun run = maps("cat.png", "-p", "a red ball");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("name a folder").hasLineCount(1);
        assertThat(out).doesNotExist();
    }

    @Test
    void folderThatHoldsSomething_isLeftAsItIs() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("out")).resolve("mine"), "mine");
        CommandRun run = maps("out", "-p", "a red ball");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--overwrite").hasLineCount(1);
        CommandRun inFile = maps("out/mine/maps", "-p", "a red ball");
        assertThat(inFile.code()).isEqualTo(2);
        assertThat(inFile.err()).startsWith("heddle: ").hasLineCount(1);
    }

    private String file(String name) {
        return out.resolve(name).toString();
    }
}
