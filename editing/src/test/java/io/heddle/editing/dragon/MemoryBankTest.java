package io.heddle.editing.dragon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.editing.SamplingListener;
import io.heddle.editing.inversion.DdimInversion;
import io.heddle.editing.inversion.DirectInversion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.NegativePromptInversion;
import io.heddle.editing.inversion.NullTextInversion;
import io.heddle.editing.inversion.PromptTuningInversion;
import io.heddle.editing.inversion.Tuning;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory banks of inverted and of generated pictures. */
class MemoryBankTest {
    private static final int STEPS = 5;
    private static final DragonSettings SETTINGS = DragonSettings.of(TinyDragon.MOVE);
    private static final double HALF_ULP = 0x1p-11;

    static Stream<InversionMethod> methods() {
        Tuning tuning = new Tuning(1, 0.01, OptionalDouble.empty());
        return Stream.of(new DdimInversion(), new NegativePromptInversion(), new NullTextInversion(tuning), new PromptTuningInversion(tuning));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void move_startsFromEveryInversionOfThePictureItself(InversionMethod method) {
        try (TinyDragon tiny = new TinyDragon(STEPS, 2);
                Inversion inversion = invert(tiny, method);
                MemoryBank bank = MemoryBank.of(tiny.network, inversion, SETTINGS)) {
            Tensor edited = DragonDiffusion.of(tiny.network, TinyDragon.PICTURE, bank, TinyDragon.MOVE, SETTINGS).run(SamplingListener.NONE);
            for (float element : edited.toArray()) {
                assertThat(element).isFinite();
            }
        }
    }

    @Test
    void inversionMadeBefore_givesTheBitsOfTheInversionOnTheWay() {
        try (TinyDragon tiny = new TinyDragon(STEPS, 2);
                Inversion inversion = invert(tiny, new DdimInversion());
                MemoryBank before = MemoryBank.of(tiny.network, inversion, SETTINGS);
                MemoryBank onTheWay = tiny.bank(1, SETTINGS)) {
            TensorAssert.assertSameBits("edit", edit(tiny, before), edit(tiny, onTheWay));
        }
    }

    @Test
    void inversionThatPinsASource_isRefused() {
        try (TinyDragon tiny = new TinyDragon(STEPS, 2);
                Inversion inversion = invert(tiny, new DirectInversion())) {
            assertThatThrownBy(() -> MemoryBank.of(tiny.network, inversion, SETTINGS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("choose ddim");
        }
    }

    private static Inversion invert(TinyDragon tiny, InversionMethod method) {
        return new Inverter("tiny", tiny.unet()::predict, tiny.network.schedule(), SETTINGS.guidance()).invert(tiny.latent(1), tiny.text, method);
    }

    private static float[] edit(TinyDragon tiny, MemoryBank bank) {
        return DragonDiffusion.of(tiny.network, TinyDragon.PICTURE, bank, TinyDragon.MOVE, SETTINGS).run(SamplingListener.NONE).toArray();
    }

    @Test
    void generatedPicture_isFoundAgainToTheBit() {
        try (TinyDragon tiny = new TinyDragon(STEPS, 2)) {
            DragonSettings still = SETTINGS.withEnergyScale(0).withBank(0, 0);
            Move nowhere = new Move(TinyDragon.OBJECT, new Point(0, 0), 1);
            try (MemoryBank bank = MemoryBank.generate(tiny.network, tiny.latent(3), tiny.text, still)) {
                Tensor again = DragonDiffusion.of(tiny.network, TinyDragon.PICTURE, bank, nowhere, still).run(SamplingListener.NONE);
                TensorAssert.assertSameBits("generated", again.toArray(), bank.clean().toArray());
            }
        }
    }

    @Test
    void onlyWhatIsReadIsKept_andHalvesTakeHalf() {
        try (TinyDragon tiny = new TinyDragon(10, 2);
                MemoryBank all = tiny.bank(1, SETTINGS.withBank(0, 50));
                MemoryBank half = tiny.bank(1, SETTINGS.withBank(25, 50));
                MemoryBank halves = tiny.bank(1, SETTINGS.withBank(0, 50).withPrecision(Precision.FLOAT16))) {
            assertThat(half.bytes()).isEqualTo(all.bytes() / 2);
            assertThat(halves.bytes()).isEqualTo(all.bytes() / 2);
        }
    }

    @Test
    void float16_isOffByHalfAUnitInItsLastPlace() {
        float[] elements = {0, 1, -1.0004f, 3.14159f, 1234.5f, -65000, 6.1e-5f};
        float[] restored = Precision.FLOAT16.store(elements).elements();
        for (int i = 0; i < elements.length; i++) {
            assertThat((double) restored[i]).isCloseTo(elements[i], within(Math.abs(elements[i]) * HALF_ULP));
        }
    }
}
