package io.heddle.editing.dragon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.attention.AttentionPlan;
import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Pass;
import io.heddle.attention.Route;
import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.attention.TextConditioning;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.schedulers.Prediction;
import io.heddle.schedulers.TimestepSpacing;
import io.heddle.spi.Backend;
import io.heddle.spi.Primitives;
import io.heddle.tensor.Device;
import io.heddle.tensor.NoBackwardException;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of whole edits, on a picture that is not square. */
class DragonDiffusionTest {
    private static final int FEW_STEPS = 5;

    static Stream<Edit> edits() {
        return Stream.of(TinyDragon.MOVE, TinyDragon.DRAG, TinyDragon.APPEARANCE, TinyDragon.PASTE);
    }

    @ParameterizedTest
    @CsvSource({"false, false, 160", "true, false, 172", "true, true, 176", "false, true, 160"})
    void networkCalls_areThoseOfTheLiterature(boolean diffEditor, boolean published, int calls) {
        try (TinyDragon tiny = new TinyDragon(50, 2)) {
            DragonSettings settings = DragonSettings.of(TinyDragon.MOVE).withDiffEditor(diffEditor ? DiffEditor.PUBLISHED : null);
            tiny.dragon(TinyDragon.MOVE, published ? settings.asPublished() : settings).run(SamplingListener.NONE);
            assertThat(tiny.network.calls()).isEqualTo(calls);
            assertThat(tiny.network.calls(Purpose.SAMPLE)).isEqualTo(diffEditor ? 58 : 50);
            assertThat(tiny.network.calls(Purpose.GUIDE)).isEqualTo(diffEditor ? 56 : 60);
        }
    }

    @Test
    void aSecondPicture_isInvertedAndComparedWithToo() {
        try (TinyDragon tiny = new TinyDragon(50, 2)) {
            tiny.dragon(TinyDragon.PASTE, DragonSettings.of(TinyDragon.PASTE)).run(SamplingListener.NONE);
            assertThat(tiny.network.calls()).isEqualTo(240);
        }
    }

    @ParameterizedTest
    @MethodSource("edits")
    void edit_changesThePicture_andHasTheSameBitsForAnyNumberOfThreadsAndInLowMemory(Edit edit) {
        float[] expected;
        try (TinyDragon tiny = new TinyDragon(FEW_STEPS, 1)) {
            expected = tiny.dragon(edit, DragonSettings.of(edit)).run(SamplingListener.NONE).toArray();
            float[] unguided = tiny.dragon(edit, DragonSettings.of(edit).withEnergyScale(0)).run(SamplingListener.NONE).toArray();
            assertThat(expected).isNotEqualTo(unguided);
            for (float element : expected) {
                assertThat(element).isFinite();
            }
        }
        try (TinyDragon tiny = new TinyDragon(FEW_STEPS, 3)) {
            float[] again = tiny.dragon(edit, DragonSettings.of(edit).inLowMemory(true)).run(SamplingListener.NONE).toArray();
            TensorAssert.assertSameBits(edit.toString(), again, expected);
        }
    }

    /** The published code takes a variance off the direction of a face edit's steps although it adds no noise. */
    @Test
    void withoutEnergiesAndBank_theRunIsDdimToTheBit() {
        try (TinyDragon tiny = new TinyDragon(FEW_STEPS, 2)) {
            DragonSettings settings = DragonSettings.of(TinyDragon.MOVE).withEnergyScale(0).withBank(0, 0);
            MemoryBank bank = tiny.bank(1, settings);
            DragonDiffusion dragon = DragonDiffusion.of(tiny.network, TinyDragon.PICTURE, bank, TinyDragon.MOVE, settings);
            Conditioning text = Conditioning.of(List.of(tiny.text.conditional()), tiny.text.empty());
            Tensor plain = new Sampler(tiny.unet()::predict, tiny.network.schedule())
                    .run(dragon.start(), EditRecipe.plain(text, Guidance.classifierFree(settings.guidance())), SamplingListener.NONE);
            TensorAssert.assertSameBits("plain", dragon.run(SamplingListener.NONE).toArray(), plain.toArray());
        }
    }

    @Test
    void diffEditorWithoutNoiseAndRepeats_isDragonDiffusion() {
        try (TinyDragon tiny = new TinyDragon(FEW_STEPS, 2)) {
            DragonSettings settings = DragonSettings.of(TinyDragon.MOVE);
            float[] expected = tiny.dragon(TinyDragon.MOVE, settings).run(SamplingListener.NONE).toArray();
            DragonSettings still = settings.withDiffEditor(new DiffEditor(0, 0, 1, 7));
            TensorAssert.assertSameBits("still", tiny.dragon(TinyDragon.MOVE, still).run(SamplingListener.NONE).toArray(), expected);
        }
    }

    @Test
    void regionalNoise_staysInTheRegion_andFollowsItsSeed() {
        try (TinyDragon tiny = new TinyDragon(10, 2)) {
            DragonSettings settings = DragonSettings.of(TinyDragon.MOVE).withEnergyScale(0).withBank(0, 0);
            List<float[]> plain = steps(tiny, settings);
            List<float[]> noisy = steps(tiny, settings.withDiffEditor(new DiffEditor(0.4, 0, 1, 7)));
            List<float[]> again = steps(tiny, settings.withDiffEditor(new DiffEditor(0.4, 0, 1, 7)));
            List<float[]> other = steps(tiny, settings.withDiffEditor(new DiffEditor(0.4, 0, 1, 8)));
            int firstStochastic = 3; // of ten steps, the one in the second fifth of the run that is not at its border
            assertThat(noisy.get(firstStochastic - 1)).isEqualTo(plain.get(firstStochastic - 1));
            Plan plan = Plan.of(TinyDragon.MOVE, new Canvas(TinyDragon.PICTURE, TinyDragon.LATENT), settings);
            for (int i = 0; i < plain.getFirst().length; i++) {
                boolean changed = noisy.get(firstStochastic)[i] != plain.get(firstStochastic)[i];
                assertThat(changed).isEqualTo(plan.renewed().contains(i / 4));
            }
            assertThat(again.getLast()).isEqualTo(noisy.getLast());
            assertThat(other.getLast()).isNotEqualTo(noisy.getLast());
        }
    }

    private static List<float[]> steps(TinyDragon tiny, DragonSettings settings) {
        List<float[]> latents = new ArrayList<>();
        tiny.dragon(TinyDragon.MOVE, settings).run((_, latent) -> latents.add(latent.toArray()));
        return latents;
    }

    @Test
    void correctionInTheWholeStep_isWeaker() {
        try (TinyDragon tiny = new TinyDragon(10, 2)) {
            DragonSettings settings = DragonSettings.of(TinyDragon.MOVE).withBank(0, 0);
            float[] without = steps(tiny, settings.withEnergyScale(0)).getFirst();
            float[] code = steps(tiny, settings).getFirst();
            float[] paper = steps(tiny, settings.withCorrection(Correction.NOISE)).getFirst();
            double ratio = distance(code, without) / distance(paper, without);
            assertThat(ratio).isBetween(2.0, 20.0);
        }
    }

    @Test
    void correction_isLimited() {
        try (TinyDragon tiny = new TinyDragon(FEW_STEPS, 2)) {
            DragonSettings settings = DragonSettings.of(TinyDragon.MOVE).withEnergyScale(1e6).withLimit(0.1);
            List<Double> sizes = new ArrayList<>();
            tiny.dragon(TinyDragon.MOVE, settings).run(SamplingListener.NONE, (_, _, _, correction) -> sizes.add(
                    distance(correction.toArray(), new float[(int) correction.size()]) / Math.sqrt(correction.size())));
            assertThat(sizes).hasSize(3).allSatisfy(size -> assertThat(size).isCloseTo(0.1, within(1e-6)));
        }
    }

    @ParameterizedTest
    @EnumSource(Correction.class)
    void startWithoutAnySignal_isNotCorrected(Correction correction) {
        DdimConfig config = new DdimConfig(
                NoiseSchedule.stableDiffusion().withZeroTerminalSnr(), Prediction.VELOCITY, TimestepSpacing.TRAILING, 0, false, null);
        try (TinyDragon tiny = new TinyDragon(Device.open("cpu", 2), config.steps(FEW_STEPS))) {
            DragonSettings settings = DragonSettings.of(TinyDragon.MOVE).withCorrection(correction);
            List<Integer> guided = new ArrayList<>();
            Tensor edited = tiny.dragon(TinyDragon.MOVE, settings).run(SamplingListener.NONE, (call, _, _, _) -> guided.add(call));
            for (float element : edited.toArray()) {
                assertThat(element).isFinite();
            }
            assertThat(guided).containsExactly(1, 2);
        }
    }

    @Test
    void energies_areRefusedInHalfPrecisionBeforeTheFirstCall() {
        try (TinyDragon tiny = new TinyDragon(halves(), DdimConfig.stableDiffusion().steps(FEW_STEPS))) {
            DragonSettings settings = DragonSettings.of(TinyDragon.MOVE);
            assertThatThrownBy(() -> tiny.bank(1, settings)).isInstanceOf(NoBackwardException.class).hasMessageContaining("without fp16");
            assertThatThrownBy(() -> MemoryBank.generate(tiny.network, tiny.latent(1), tiny.text, settings)).isInstanceOf(NoBackwardException.class);
            assertThat(tiny.network.calls()).isZero();
            MemoryBank bank = tiny.bank(1, settings.withEnergyScale(0));
            assertThatThrownBy(() -> DragonDiffusion.of(tiny.network, TinyDragon.PICTURE, bank, TinyDragon.MOVE, settings))
                    .isInstanceOf(NoBackwardException.class);
            tiny.dragon(TinyDragon.MOVE, settings.withEnergyScale(0)).run(SamplingListener.NONE);
            tiny.dragon(TinyDragon.MOVE, settings.withGuidedUntil(0)).run(SamplingListener.NONE);
        }
    }

    /** The processor, which says that it holds halves. */
    private static Device halves() {
        Backend cpu = Device.open("cpu", 1).backend();
        return Device.of(new Backend() {
            @Override
            public String description() {
                return "halves";
            }

            @Override
            public io.heddle.spi.Precision precision() {
                return io.heddle.spi.Precision.FLOAT16;
            }

            @Override
            public Primitives primitives() {
                return cpu.primitives();
            }

            @Override
            public void close() {
                cpu.close();
            }
        });
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(squares);
    }

    @Test
    void bank_leavesTheKernelFused() {
        try (TinyDragon tiny = new TinyDragon(FEW_STEPS, 2)) {
            Plan plan = Plan.of(TinyDragon.MOVE, new Canvas(TinyDragon.PICTURE, TinyDragon.LATENT), DragonSettings.of(TinyDragon.MOVE));
            AttentionTaps taps = plan.attention().taps(List.of(), call -> call, _ -> true);
            Pass pass = Pass.of(new Step(3, FEW_STEPS, 1, Purpose.SAMPLE), TextConditioning.of(tiny.text.conditional())).withTaps(taps);
            assertThat(tiny.unet().plan(TinyDragon.LATENT, pass).lines()).extracting(AttentionPlan.Line::route).containsOnly(Route.FUSED);
        }
    }

    @Test
    void bankOfAnotherNumberOfSteps_isRefused() {
        try (TinyDragon tiny = new TinyDragon(FEW_STEPS, 1)) {
            DragonSettings settings = DragonSettings.of(TinyDragon.PASTE);
            MemoryBank bank = tiny.bank(1, settings);
            MemoryBank longer = MemoryBank.invert(
                    new Network(tiny.unet(), DdimConfig.stableDiffusion().steps(7)), tiny.latent(2), tiny.text, settings);
            assertThatThrownBy(() -> DragonDiffusion.of(tiny.network, TinyDragon.PICTURE, longer, TinyDragon.MOVE, settings))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("7 steps")
                    .hasMessageContaining("takes 5");
            assertThatThrownBy(() -> DragonDiffusion.of(tiny.network, TinyDragon.PICTURE, bank, longer, TinyDragon.PASTE, settings))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("7 steps");
        }
    }

    @Test
    void editsOfOneAndTwoPictures_areToldApart() {
        try (TinyDragon tiny = new TinyDragon(1, 1)) {
            DragonSettings settings = DragonSettings.of(TinyDragon.PASTE);
            MemoryBank bank = tiny.bank(1, settings);
            assertThatThrownBy(() -> DragonDiffusion.of(tiny.network, TinyDragon.PICTURE, bank, TinyDragon.PASTE, settings))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("second picture");
            assertThatThrownBy(() -> DragonDiffusion.of(tiny.network, TinyDragon.PICTURE, bank, bank, TinyDragon.MOVE, settings))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("second picture");
        }
    }
}
