package io.heddle.editing.pti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.editing.pti.EditEvaluation.Editor;
import io.heddle.editing.pti.EditEvaluation.Score;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol on a world of flat pictures, in which colour is the class and an oracle sees it. */
class EditEvaluationTest {
    private static final List<Integer> COLOURS = List.of(0xff0000, 0x00ff00, 0x0000ff);
    private static final int ITEMS = 10;
    private static final int SIDE = 16;
    private static final double ROUNDING = 1e-12;
    private static final String PAINTED = "painted";

    @TempDir
    Path folder;

    private List<EditQuery> queries;
    private EditEvaluation evaluation;
    private int edits;

    @BeforeEach
    void fileTheWorld() throws IOException {
        Path classFile = Files.writeString(folder.resolve("classes.txt"), "c0 red, crimson\nc1 green\nc2 blue, azure\n");
        ClassList classes = ClassList.read(classFile);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            Path of = Files.createDirectories(folder.resolve("val/c" + i % 3));
            Picture.filled(new Size(24, 20), COLOURS.get(i % 3)).write(of.resolve(i + ".png"), Map.of(), Existing.REFUSE);
            lines.add("c" + i % 3 + "/" + i + ".png\tc" + (i + 1) % 3);
        }
        queries = EditQuery.read(Files.write(folder.resolve("queries.txt"), lines), folder.resolve("val"), classes);
        EditJudges judges =
                new EditJudges((a, b) -> Fidelity.between(a, b).mse(), EditEvaluationTest::meanColour, EditEvaluationTest::meanColour);
        evaluation = new EditEvaluation(classes, SIDE, judges, FeatureMeans.of(folder.resolve("val"), classes, judges.features()));
    }

    @Test
    void perfectEdits_haveTheRightClassAndFeatures() {
        Score score = evaluation.run(queries, this::repaint, PAINTED, folder.resolve("out"));
        assertThat(score.items()).isEqualTo(ITEMS);
        assertThat(score.accuracy()).isEqualTo(1);
        assertThat(score.distance()).isCloseTo(2.0 / 3, within(ROUNDING));
        assertThat(score.csfid()).isCloseTo(0, within(ROUNDING));
        assertThat(score.sfid()).isCloseTo(2 * 0.1 * 0.1, within(ROUNDING));
    }

    @Test
    void copies_areNearAndWrong() {
        Score score = evaluation.run(queries, (picture, _, _) -> picture, "copied", folder.resolve("out"));
        assertThat(score.accuracy()).isZero();
        assertThat(score.distance()).isZero();
        assertThat(score.csfid()).isCloseTo(2, within(ROUNDING));
        assertThat(score.sfid()).isZero();
    }

    @Test
    void killedEvaluation_goesOnWhereItWas() {
        Path out = folder.resolve("out");
        Score whole = evaluation.run(queries, this::repaint, PAINTED, folder.resolve("whole"));
        edits = 0;
        Editor dying = (picture, source, target) -> {
            if (edits == 4) {
                throw new IllegalStateException("killed");
            }
            return repaint(picture, source, target);
        };
        assertThatThrownBy(() -> evaluation.run(queries, dying, PAINTED, out)).hasMessage("killed");
        assertThat(evaluation.run(queries, this::repaint, PAINTED, out)).isEqualTo(whole);
        assertThat(edits).isEqualTo(ITEMS);
        assertThat(Picture.read(out.resolve("00000.png"))).isEqualTo(Picture.filled(Size.square(SIDE), COLOURS.get(1)));
    }

    @Test
    void verdictsOnOtherQueries_areNotMixed() {
        Path out = folder.resolve("out");
        evaluation.run(queries, this::repaint, PAINTED, out);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation.run(queries.reversed(), this::repaint, PAINTED, out))
                .withMessageContaining("choose another folder");
    }

    @Test
    void verdictsOfAnotherRecipeOrSide_areNotTaken() {
        Path out = folder.resolve("out");
        evaluation.run(queries, this::repaint, PAINTED, out);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation.run(queries, this::repaint, "painted otherwise", out))
                .withMessageContaining("painted otherwise")
                .withMessageContaining("choose another folder");
        EditEvaluation smaller = new EditEvaluation(evaluation.classes(), SIDE / 2, evaluation.judges(), evaluation.reference());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> smaller.run(queries, this::repaint, PAINTED, out))
                .withMessageContaining("choose another folder");
    }

    @Test
    void pictureThatShowsNothing_isOfNoClass() {
        Score score = evaluation.run(queries, (picture, _, _) -> Picture.filled(picture.size(), 0), "black", folder.resolve("out"));
        assertThat(score.accuracy()).isZero();
    }

    @Test
    void malformedLists_areRefused() throws IOException {
        Path classes = Files.writeString(folder.resolve("bad.txt"), "c0\n");
        assertThatIllegalArgumentException().isThrownBy(() -> ClassList.read(classes)).withMessageContaining("\"c0\"");
        Path missing = Files.writeString(folder.resolve("missing.txt"), "c0/none.png c1\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EditQuery.read(missing, folder.resolve("val"), evaluation.classes()))
                .withMessageContaining("there is no picture");
    }

    private Picture repaint(Picture picture, String source, String target) {
        edits++;
        assertThat(source).isNotEqualTo(target);
        return Picture.filled(picture.size(), COLOURS.get(List.of("red", "green", "blue").indexOf(target)));
    }

    private static double[] meanColour(Picture picture) {
        int rgb = picture.rgb(0, 0);
        return new double[] {(rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0};
    }
}
