package io.heddle.editing.dragon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which calls of a run do what. */
class DragonSettingsTest {
    private static final DragonSettings MOVE = DragonSettings.of(TinyDragon.MOVE);

    @Test
    void partsOfARun_areThePublishedStepsOfFifty() {
        assertThat(calls(50, call -> MOVE.followsEnergies(call, 50))).isEqualTo(IntStream.range(0, 30).boxed().toList());
        assertThat(calls(50, call -> MOVE.readsBank(call, 50))).isEqualTo(IntStream.range(5, 50).boxed().toList());
        assertThat(calls(50, call -> DragonSettings.of(TinyDragon.PASTE).readsBank(call, 50))).isEqualTo(IntStream.range(0, 36).boxed().toList());
    }

    @Test
    void partsOfARun_areSharesOfOtherNumbersOfSteps_butNotInTheReferenceMode() {
        assertThat(calls(10, call -> MOVE.followsEnergies(call, 10))).hasSize(6);
        assertThat(calls(10, call -> MOVE.asPublished().followsEnergies(call, 10))).hasSize(10);
        assertThat(calls(10, call -> MOVE.asPublished().readsBank(call, 10))).containsExactly(5, 6, 7, 8, 9);
    }

    @Test
    void diffEditor_pausesAndRepeatsAsPublished() {
        DragonSettings settings = MOVE.withDiffEditor(DiffEditor.PUBLISHED);
        assertThat(calls(50, call -> settings.followsEnergies(call, 50)))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28);
        assertThat(calls(50, call -> settings.passes(call, 50) == 3)).containsExactly(22, 24, 26, 28);
        assertThat(calls(50, call -> settings.isStochastic(call, 50))).isEqualTo(IntStream.range(11, 20).boxed().toList());
    }

    @Test
    void smallModels_followEnergiesMore() {
        try (TinyDragon tiny = new TinyDragon(1, 1)) {
            assertThat(DragonSettings.standard(tiny.unet(), TinyDragon.MOVE)).isEqualTo(MOVE.withEnergyScale(6).withGuidedUntil(40).withLimit(0.25));
            assertThat(DragonSettings.standard(tiny.unet(), TinyDragon.APPEARANCE).energyScale()).isEqualTo(24);
        }
    }

    private static List<Integer> calls(int calls, IntPredicate selected) {
        return IntStream.range(0, calls).filter(selected).boxed().toList();
    }
}
