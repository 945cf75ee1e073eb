package io.heddle.editing.dragon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionSite;
import io.heddle.attention.AttentionSite.Kind;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.KeyValue;
import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Step;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Differentiable;
import io.heddle.testkit.FiniteDifferences;
import io.heddle.testkit.Sample;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Similarities and energies of features. */
class EnergyTest {
    private static final Extent GRID = new Extent(4, 6);
    private static final Cells FIRST = new Cells(GRID, new int[] {0, 1, 2, 7, 8, 23});
    private static final Cells SECOND = new Cells(GRID, new int[] {3, 3, 9, 10, 17, 22});

    @ParameterizedTest
    @EnumSource(Similarity.class)
    void gradients_matchFiniteDifferences(Similarity similarity) {
        FiniteDifferences.check(Differentiable.of(
                similarity.toString(),
                in -> new Energy(List.of(
                        Term.attract(similarity, FIRST, SECOND, 3),
                        Term.repel(SECOND, 0.5))).of(List.of(in.get(0)), List.of(List.of(in.get(1)))),
                Sample.normal(1, 1, 2, 3, 5),
                Sample.normal(2, 1, 2, 3, 5)));
    }

    /** The published code's raw cosine makes 1 + 4·cos vanish at −1/4. */
    @Test
    void attraction_isBounded_forAnyCosine() {
        try (Device device = Device.open("cpu", 1);
                Scope _ = device.scope()) {
            Cells one = new Cells(new Extent(1, 1), new int[] {0});
            for (double cosine : new double[] {-1, -0.25, 0, 1}) {
                Tensor x = device.tensor(Shape.of(1, 1, 1, 2), 1, 0);
                Tensor y = device.tensor(Shape.of(1, 1, 1, 2), (float) cosine, (float) Math.sqrt(1 - cosine * cosine));
                double energy = Term.attract(Similarity.LOCAL, one, one, 4).of(x, y).item();
                assertThat(energy).isCloseTo(4 / (3 + 2 * cosine), within(1e-5));
            }
        }
    }

    /** The published code takes the mean over no cells. */
    @Test
    void termsWithoutCells_areLeftOut() {
        try (Device device = Device.open("cpu", 1);
                Scope _ = device.scope()) {
            Cells none = new Cells(GRID, new int[0]);
            Energy energy = new Energy(
                    List.of(Term.repel(none, 1), Term.attract(Similarity.GLOBAL, none, FIRST, 1), Term.attract(Similarity.LOCAL, FIRST, FIRST, 5)));
            Tensor features = device.tensor(Shape.of(1, 2, 3, 1), 1, 2, 3, 4, 5, 6);
            assertThat(energy.of(List.of(features), List.of(List.of(features))).item()).isCloseTo(1, within(1e-6f));
            assertThat(new Energy(List.of(Term.repel(none, 1))).isEmpty()).isTrue();
        }
    }

    @Test
    void featuresOfNothing_haveAGradient() {
        try (Device device = Device.open("cpu", 1);
                Scope _ = device.scope();
                Recording tape = Recording.open()) {
            Tensor zero = tape.watch(device.zeros(Shape.of(1, 2, 3, 4)));
            Tensor energy = new Energy(List.of(Term.attract(Similarity.LOCAL, FIRST, SECOND, 1))).of(List.of(zero), List.of(List.of(zero.detach())));
            for (float element : tape.gradients(energy).of(zero).toArray()) {
                assertThat(element).isFinite();
            }
        }
    }

    /** The published code's tokens of a second image prompt are attended to as if they were text: here there are exactly those of both masks. */
    @Test
    void attentionOfTwoPictures_hasTheTokensOfBothMasks() {
        Mask base = Mask.of(GRID, cell -> cell < 10);
        Mask second = Mask.of(GRID, cell -> cell == 3 || cell == 20);
        try (TinyDragon tiny = new TinyDragon(1, 1)) {
            DragonSettings settings = DragonSettings.of(TinyDragon.PASTE);
            MemoryBank bank = tiny.bank(1, settings);
            AttentionSite site = tiny.unet().sites().stream().filter(s -> s.stage() == Stage.UP && s.kind() == Kind.SELF && s.level() == 1)
                    .findFirst().orElseThrow();
            Step step = new Step(0, 1, 1, Step.Purpose.SAMPLE);
            AttentionCall call = new AttentionCall(
                    site, step, List.of(new Row(Branch.UNCONDITIONAL, 0), new Row(Branch.CONDITIONAL, 0)), GRID, GRID.cells());
            KeyValue stored = bank.keyValue(0, call);
            KeyValue edited = new CrossBranchAttention.Combine(base, second).edit(call, stored, 0, Collections.nCopies(2, bank));
            assertThat(edited.key().shape()).isEqualTo(Shape.of(2, 12, stored.key().dim(2)));
            int width = stored.key().dim(2);
            float[] expected = Arrays.copyOfRange(stored.value().toArray(), 20 * width, 21 * width);
            assertThat(Arrays.copyOfRange(edited.value().toArray(), 11 * width, 12 * width)).isEqualTo(expected);
        }
    }
}
