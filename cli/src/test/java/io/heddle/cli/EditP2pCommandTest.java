package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import io.heddle.image.PngText;
import io.heddle.image.Size;
import io.heddle.testkit.SharedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EditP2pCommandTest {
    private static final List<String> BALLS = List.of(
            "edit", "p2p", "-m", "toy_sd", "--source-prompt", "a red ball on the grass", "--target-prompt", "a blue ball on the grass", "--steps",
            "2", "--seed", "7");

    @TempDir
    Path folder;

    @Test
    void pictures_areNamedAfterSourceAndTarget_andTellTheirEdit() {
        assertThat(balls("-o", folder.resolve("edit.png").toString()).code()).isZero();
        assertThat(folder).isDirectoryContaining(f -> f.endsWith("edit-source.png")).isDirectoryContaining(f -> f.endsWith("edit-target.png"));
        String recipe = PictureRecipe.details(PngText.read(folder.resolve("edit-target.png"))).orElseThrow().toString();
        assertThat(recipe).contains("\"method\":\"edit p2p\"").contains("\"selfReplaceSteps\":\"0.4\"").contains("\"seed\":7");
    }

    @Test
    void blackMask_keepsTheSource_toTheBit() {
        Path mask = folder.resolve("mask.png");
        Picture.filled(Size.square(16), 0x000000).write(mask, Map.of(), Existing.REFUSE);
        assertThat(balls("-o", folder.resolve("out").toString(), "--blend-mask", mask.toString()).code()).isZero();
        assertThat(Picture.read(folder.resolve("out/target.png"))).isEqualTo(Picture.read(folder.resolve("out/source.png")));
        assertThat(heddle("info", folder.resolve("out/target.png").toString()).out()).contains("\"blendMask\": ").contains("mask.png");
    }

    static Stream<List<String>> impossibleEdits() {
        return Stream.of(
                List.of("--edit", "invent"),
                List.of("--cross-replace-steps", "1.5"),
                List.of("--cross-replace-steps", "zebra=0.5"),
                List.of("--cross-replace-steps", "ball="),
                List.of("--self-replace-steps", "often"),
                List.of("--equalizer", "zebra=2"),
                List.of("--equalizer", "ball"),
                List.of("--equalizer", "ball=much"),
                List.of("--blend-words", "ball"),
                List.of("--blend-words", "zebra;ball"),
                List.of("--blend-threshold", "1,2,3", "--blend-words", "ball;ball"),
                List.of("--blend-version", "v1"),
                List.of("--substruct-words", "grass;grass"),
                List.of("--blend-mask", "missing.png"));
    }

    @ParameterizedTest
    @MethodSource("impossibleEdits")
    void impossibleEdit_endsWithOneSentence_andLeavesNothingBehind(List<String> options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-o", folder.resolve("out.png").toString()));
        arguments.addAll(options);
        CommandRun run = balls(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("heddle: ").hasLineCount(1);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    private static CommandRun balls(String... more) {
        List<String> arguments = new ArrayList<>(BALLS);
        arguments.set(arguments.indexOf("toy_sd"), SharedFiles.locate("toy_sd").toString());
        arguments.addAll(List.of(more));
        return heddle(arguments.toArray(String[]::new));
    }
}
