package io.heddle.editing.imagic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark's layout and its run, with a method that repaints. */
class TedBenchTest {
    private static final List<Double> ETAS = List.of(0.0, 1.0);
    private static final int SIDE = 16;
    private static final String RECIPE = "white paint";
    private static final int GREY = 0x808080;

    @TempDir
    Path folder;

    private List<TedBenchItem> items;
    private int edits;

    @BeforeEach
    void fileTheBenchmark() throws IOException {
        Path originals = Files.createDirectories(folder.resolve("originals"));
        Picture.filled(new Size(24, 20), GREY).write(originals.resolve("cat.jpeg"), Map.of(), Existing.REFUSE);
        Picture.filled(new Size(20, 20), 0).write(originals.resolve("tree_1.png"), Map.of(), Existing.REFUSE);
        Files.writeString(folder.resolve("input_list.json"), """
                [
                  {"img_name": "cat.jpeg", "target_text": "A photo of a cat wearing a hat."},
                  {"img_name": "tree_1.png", "target_text": "A photo of a tree. Taken in autumn."},
                  {"img_name": "cat.jpeg", "target_text": "Two cats"}
                ]
                """);
        items = TedBenchItem.read(folder);
    }

    private TedBench bench(int editsBeforeDeath) {
        TedBench.Editor editor = (picture, _, _) -> {
            if (edits == editsBeforeDeath) {
                throw new IllegalStateException("killed");
            }
            edits++;
            assertThat(picture.size()).isEqualTo(Size.square(SIDE));
            return List.of(picture, Picture.filled(picture.size(), 0xffffff));
        };
        return new TedBench(SIDE, ETAS, editor, (original, edited, target) -> new EditScore(original.equals(edited) ? 1 : 0, target.length()));
    }

    @Test
    void results_haveTheAuthorsNames() {
        bench(9).run(items, RECIPE, folder.resolve("out"));
        assertThat(folder.resolve("out/eta-1.0/tree_1.png-A_photo_of_a_tree._Taken_in_autumn.png")).isRegularFile();
        assertThat(Picture.read(folder.resolve("out/eta-0.0/cat.jpeg-A_photo_of_a_cat_wearing_a_hat.png")))
                .isEqualTo(Picture.filled(Size.square(SIDE), GREY));
    }

    @Test
    void scores_areListedAndAveraged() throws IOException {
        List<EditScore> means = bench(9).run(items, RECIPE, folder.resolve("out"));
        assertThat(means).extracting(EditScore::similarity).containsExactly(1.0, 0.0);
        List<String> lines = Files.readAllLines(folder.resolve("out/scores.csv"));
        assertThat(lines).hasSize(1 + (items.size() + 1) * ETAS.size());
        assertThat(lines.getLast()).startsWith("\"mean\",1.0,0.000000,");
    }

    @Test
    void killedRun_goesOnWhereItWas() throws IOException {
        bench(9).run(items, RECIPE, folder.resolve("whole"));
        edits = 0;
        assertThatThrownBy(() -> bench(2).run(items, RECIPE, folder.resolve("out"))).hasMessage("killed");
        bench(9).run(items, RECIPE, folder.resolve("out"));
        assertThat(edits).isEqualTo(items.size());
        assertThat(folder.resolve("out/scores.csv")).hasSameTextualContentAs(folder.resolve("whole/scores.csv"));
    }

    @Test
    void scoresOfAnotherRecipe_areNotPassedOff() {
        bench(9).run(items, RECIPE, folder.resolve("out"));
        assertThatIllegalArgumentException().isThrownBy(() -> bench(9).run(items, "black paint", folder.resolve("out")))
                .withMessageContaining("choose another folder");
    }

    @Test
    void malformedLists_areRefused() throws IOException {
        Files.writeString(folder.resolve("input_list.json"), "[{\"img_name\": \"dog.png\", \"target_text\": \"A dog.\"}]");
        assertThatIllegalArgumentException().isThrownBy(() -> TedBenchItem.read(folder)).withMessageContaining("there is no picture");
        Files.writeString(folder.resolve("input_list.json"), "[{\"img_name\": \"cat.jpeg\"}]");
        assertThatIllegalArgumentException().isThrownBy(() -> TedBenchItem.read(folder)).withMessageContaining("target_text");
        Files.writeString(folder.resolve("input_list.json"), "cats");
        assertThatIllegalArgumentException().isThrownBy(() -> TedBenchItem.read(folder)).withMessageContaining("not a list of items");
    }
}
