package io.heddle.bench.pti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Tuning;
import io.heddle.editing.pti.EditEvaluation.Editor;
import io.heddle.editing.pti.EditEvaluation.Score;
import io.heddle.editing.pti.PromptTuningEditor;
import io.heddle.image.Picture;
import io.heddle.tensor.Device;
import io.heddle.testkit.SharedFiles;
import io.heddle.toyworld.Colour;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Split;
import io.heddle.weights.ModelLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The evaluation of edits on pictures of the toy world in the real layout of files, by the world's own oracle. */
class ColourSwapsTest {
    private static final int ITEMS = 10;

    @TempDir
    Path folder;

    private ColourSwaps swaps;

    @BeforeEach
    void fileTheWorld() {
        swaps = new ColourSwaps(folder.resolve("world"));
        swaps.write(ITEMS);
    }

    @Test
    void scenesPaintedAnew_areTakenForTheirTargets_andCopiesAreNot() {
        AtomicInteger next = new AtomicInteger();
        Editor painter = (_, _, target) -> {
            Colour colour = Colour.valueOf(target.split(" ")[1].toUpperCase(Locale.ROOT));
            return Rendering.of(Split.EVALUATION.scene(next.getAndIncrement(), SceneMix.SINGLES).withFirst(thing -> thing.with(colour))).picture();
        };
        Score painted = swaps.evaluation().run(swaps.queries(), painter, "painted", folder.resolve("painted"));
        Score copied = swaps.evaluation().run(swaps.queries(), (picture, _, _) -> picture, "copied", folder.resolve("copied"));
        assertThat(painted.items()).isEqualTo(ITEMS);
        assertThat(painted.accuracy()).isEqualTo(1);
        assertThat(copied.accuracy()).isZero();
        assertThat(copied.distance()).isZero();
        assertThat(painted.distance()).isPositive();
        assertThat(painted.csfid()).isLessThan(copied.csfid());
    }

    @Test
    void fewerItemsInTheSameFolder_areRefused() {
        swaps.write(ITEMS);
        assertThatIllegalArgumentException().isThrownBy(() -> swaps.write(ITEMS / 2)).withMessageContaining("choose another folder");
        assertThat(swaps.queries()).hasSize(ITEMS);
    }

    @Test
    void promptTuning_killedAndResumed_goesOnWhereItWas_withTheSameBits() {
        try (Device device = Device.open("cpu", 2);
                StableDiffusion model =
                        StableDiffusion.load(ModelLocation.resolve(SharedFiles.locate("toy_sd").toString(), Optional.empty()), device)) {
            Tuning tuning = new Tuning(1, 0.01, OptionalDouble.empty());
            PromptTuningEditor editor = new PromptTuningEditor(model, "%s", 2, 7.5, tuning, 0.8);
            AtomicInteger edits = new AtomicInteger();
            Editor dying = (picture, source, target) -> {
                if (edits.incrementAndGet() == ITEMS / 2) {
                    throw new IllegalStateException("killed");
                }
                return editor.edit(picture, source, target);
            };
            Path out = folder.resolve("out");
            assertThatThrownBy(() -> swaps.evaluation().run(swaps.queries(), dying, editor.recipe(), out)).hasMessage("killed");
            assertThat(Files.exists(out.resolve("00003.png"))).isTrue();
            assertThat(Files.exists(out.resolve("00004.png"))).isFalse();
            Score resumed = swaps.evaluation().run(swaps.queries(), dying, editor.recipe(), out);
            assertThat(edits.get()).isEqualTo(ITEMS + 1);
            Picture first = Picture.read(swaps.queries().getFirst().picture());
            Picture last = Picture.read(swaps.queries().getLast().picture());
            assertThat(resumed.items()).isEqualTo(ITEMS);
            assertThat(Picture.read(out.resolve("00009.png"))).isEqualTo(edited(editor, last, ITEMS - 1));
            assertThat(Picture.read(out.resolve("00000.png"))).isEqualTo(edited(editor, first, 0));
        }
    }

    private Picture edited(Editor editor, Picture picture, int query) {
        return editor.edit(picture, "", swaps.evaluation().classes().names().get(swaps.queries().get(query).target()));
    }
}
