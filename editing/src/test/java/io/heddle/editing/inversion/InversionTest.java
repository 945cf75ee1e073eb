package io.heddle.editing.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.attention.Pass;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.NoisePredictor;
import io.heddle.editing.ResultFile.Found;
import io.heddle.editing.Sampler;
import io.heddle.editing.SmallNetwork;
import io.heddle.editing.pti.PromptTuningEdit;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.files.OutputException;
import io.heddle.image.Fidelity;
import io.heddle.schedulers.DdimConfig;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import io.heddle.unet.UNet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each inversion spends, keeps and refuses, on a small network. */
class InversionTest {
    private static final int STEPS = 3;
    private static final int INNER = 2;
    private static final Tuning TUNING = new Tuning(INNER, 0.01, OptionalDouble.empty());

    private final Device device = Device.open("cpu", 2);
    private final UNet unet = SmallNetwork.load(device);
    private final Tensor clean = SmallNetwork.latent(device);
    private final SourceText text =
            new SourceText("a cat", SmallNetwork.text(device, "a cat"), SmallNetwork.text(device, ""));
    private Scope scope;

    @TempDir
    Path folder;

    /** Counts rows, and those whose text is being tuned. */
    private static final class CountingPredictor implements NoisePredictor {
        private final UNet unet;
        private long rows;
        private long recorded;

        CountingPredictor(UNet unet) {
            this.unet = unet;
        }

        @Override
        public Tensor predict(Tensor latents, Pass pass) {
            Tensor predicted = unet.predict(latents, pass);
            rows += pass.rows().size();
            recorded += predicted.isRecorded() ? pass.rows().size() : 0;
            return predicted;
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void open() {
        scope = device.scope();
    }

    @AfterEach
    void close() {
        scope.close();
        unet.close();
        device.close();
    }

    static Stream<InversionMethod> methods() {
        return Stream.of(new DdimInversion(), new NegativePromptInversion(), new DirectInversion(), new NullTextInversion(TUNING),
                new PromptTuningInversion(TUNING));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void evaluations_areThoseOfTheFormula(InversionMethod method) {
        CountingPredictor counting = new CountingPredictor(unet);
        try (Inversion inversion = inverter(counting, 7.5).invert(clean, text, method)) {
            long back = switch (method) {
                case DdimInversion _ -> 2 * STEPS;
                case NegativePromptInversion _ -> STEPS;
                case DirectInversion _ -> 0;
                case NullTextInversion _, PromptTuningInversion _ -> STEPS * (2 + INNER);
            };
            Cost expected = new Cost(STEPS + back, method.tunes() ? STEPS * INNER : 0);
            assertThat(inversion.report().cost()).isEqualTo(expected);
            assertThat(new Cost(counting.rows, counting.recorded)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void killedAfterAnyStep_goesOnToTheSameBits(InversionMethod method) {
        try (Inversion whole = inverter(unet::predict, 7.5).invert(clean, text, method)) {
            int stops = method.pins() ? STEPS : 2 * STEPS;
            for (int stop = 1; stop <= stops; stop++) {
                InversionFile file = new InversionFile(folder.resolve(stop + ".safetensors"));
                int last = stop;
                assertThatThrownBy(() -> file.complete(prepare(method), Existing.REFUSE, run -> {
                    if (run.done() == last) {
                        throw new Killed();
                    }
                }, Inversion::report))
                        .isInstanceOf(Killed.class);
                assertThat(file.path()).doesNotExist();
                InversionRun resumed = prepare(method);
                assertThat(file.resume(resumed)).isEqualTo(Found.PARTIAL);
                assertThat(resumed.done()).isEqualTo(stop);
                try (Inversion inversion = file.complete(resumed, Existing.REFUSE, _ -> {}, Inversion::report)) {
                    assertSame(inversion, whole);
                }
                assertThat(file.partial()).doesNotExist();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void finishedFileOfTheSameRecipe_isUsedWithoutTheNetwork(InversionMethod method) {
        InversionFile file = new InversionFile(folder.resolve("cat.safetensors"));
        try (Inversion whole = file.complete(prepare(method), Existing.REFUSE, _ -> {}, Inversion::report)) {
            NoisePredictor none = (_, _) -> {
                throw new AssertionError("the network was called");
            };
            InversionRun again = inverter(none, 7.5).prepare(clean, text, method);
            assertThat(file.resume(again)).isEqualTo(Found.FINISHED);
            try (Inversion inversion = again.finish(_ -> {})) {
                assertSame(inversion, whole);
            }
            assertThat(file.report().get("forward").getAsLong()).isEqualTo(whole.report().cost().forward());
        }
    }

    @Test
    void fileOfAnotherRecipe_isNeitherUsedNorReplacedUnasked() {
        InversionFile file = new InversionFile(folder.resolve("cat.safetensors"));
        file.complete(prepare(new DdimInversion()), Existing.REFUSE, _ -> {}, Inversion::report).close();
        InversionRun other = prepare(new NullTextInversion(TUNING));
        assertThat(file.resume(other)).isEqualTo(Found.NOTHING);
        assertThatThrownBy(() -> file.complete(other, Existing.REFUSE, _ -> {}, Inversion::report))
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("exists already");
        assertThat(Files.exists(file.partial())).isFalse();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void sourceOfAnEdit_isTheReconstruction(InversionMethod method) {
        try (Inversion inversion = inverter(unet::predict, 7.5).invert(clean, text, method)) {
            List<TextEmbedding> targets = List.of(SmallNetwork.text(device, "a dog"), SmallNetwork.text(device, "a cow"));
            EditRecipe recipe = EditRecipe.plain(inversion.conditioning(targets), Guidance.classifierFree(7.5));
            List<float[]> source = sampled(inversion, method.pins() ? inversion.pin(recipe) : recipe);
            for (int call = 0; call < STEPS; call++) {
                float[] row = Arrays.copyOf(source.get(call), Math.toIntExact(clean.size()));
                TensorAssert.assertSameBits(method.key() + " call " + call, row, inversion.reconstruction().get(call + 1).toArray());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void edit_leavesTheSourcesUnconditionalRowOut_andKeepsTheTargetsBits(InversionMethod method) {
        CountingPredictor counting = new CountingPredictor(unet);
        try (Inversion inversion = inverter(unet::predict, 7.5).invert(clean, text, method)) {
            List<TextEmbedding> targets = List.of(SmallNetwork.text(device, "a dog"), SmallNetwork.text(device, "a cow"));
            EditRecipe whole = EditRecipe.plain(inversion.conditioning(targets), Guidance.classifierFree(7.5));
            float[] pinned = sampled(counting, inversion, inversion.pin(whole)).getLast();
            assertThat(counting.rows).isEqualTo(STEPS * (2L * targets.size() + 1));
            float[] sampled = sampled(unet::predict, inversion, whole).getLast();
            int one = Math.toIntExact(clean.size());
            TensorAssert.assertSameBits("targets", Arrays.copyOfRange(pinned, one, pinned.length), Arrays.copyOfRange(sampled, one, sampled.length));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void sourceSampledAlone_leavesTheInversionToOtherEdits(InversionMethod method) {
        try (Inversion inversion = inverter(unet::predict, 7.5).invert(clean, text, method)) {
            EditRecipe alone = inversion.pin(EditRecipe.plain(inversion.source(), Guidance.classifierFree(7.5)));
            InversionReport before = inversion.report();
            for (int edit = 0; edit < 2; edit++) {
                TensorAssert.assertSameBits("edit " + edit, sampled(inversion, alone).getLast(), inversion.reconstruction().getLast().toArray());
            }
            assertThat(inversion.report()).isEqualTo(before);
        }
    }

    @Test
    void edit_underOtherGuidanceThanTheInversions_samplesItsSource() {
        CountingPredictor counting = new CountingPredictor(unet);
        try (Inversion inversion = inverter(unet::predict, 7.5).invert(clean, text, new DdimInversion())) {
            EditRecipe recipe = EditRecipe.plain(inversion.conditioning(List.of(SmallNetwork.text(device, "a dog"))), Guidance.classifierFree(5));
            sampled(counting, inversion, inversion.pin(recipe));
            assertThat(counting.rows).isEqualTo(STEPS * 4L);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void promptTuningEdit_withEtaOfZeroIsTheReconstruction_orRefused(InversionMethod method) {
        try (Inversion inversion = inverter(unet::predict, 7.5).invert(clean, text, method)) {
            List<Double> etas = List.of(0.0, 0.5, 1.0);
            TextEmbedding target = SmallNetwork.text(device, "a dog");
            if (method.pins()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new PromptTuningEdit(inversion, target, etas))
                        .withMessageContaining("choose another inversion");
                return;
            }
            try (PromptTuningEdit edit = new PromptTuningEdit(inversion, target, etas)) {
                float[] rows = sampled(inversion, edit.recipe()).getLast();
                float[] kept = Arrays.copyOf(rows, Math.toIntExact(clean.size()));
                TensorAssert.assertSameBits(method.key(), kept, inversion.reconstruction().getLast().toArray());
                assertThat(Arrays.equals(rows, 0, kept.length, rows, 2 * kept.length, 3 * kept.length)).isFalse();
            }
        }
    }

    @Test
    void latentsBlendedWithEtaOfZero_areTheTrajectory() {
        try (Inversion inversion = inverter(unet::predict, 7.5).invert(clean, text, new PromptTuningInversion(TUNING));
                PromptTuningEdit edit = new PromptTuningEdit(inversion, SmallNetwork.text(device, "a dog"), List.of(0.0))) {
            TensorAssert.assertSameBits("blended", sampled(inversion, edit.recipeBlendingLatents()).getLast(), clean.toArray());
        }
    }

    @Test
    void checkpointed_hasTheSameBits() {
        Inverter plain = inverter(unet::predict, 7.5);
        Inverter frugal = new Inverter(plain.model(), plain.predictor(), plain.schedule(), plain.guidance(), true);
        InversionMethod method = new NullTextInversion(TUNING);
        try (Inversion inversion = frugal.invert(clean, text, method);
                Inversion whole = plain.invert(clean, text, method)) {
            assertSame(inversion, whole);
        }
    }

    @Test
    void tunedLosses_goDown() {
        try (Inversion inversion = inverter(unet::predict, 7.5).invert(clean, text, new NullTextInversion(Tuning.NULL_TEXT))) {
            assertThat(inversion.report().lossesWentDown()).isTrue();
            assertThat(inversion.report().warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {10, Double.MAX_VALUE})
    void lossThatRoseWithTheLastUpdate_isTold(double learningRate) {
        Tuning wild = new Tuning(1, learningRate, OptionalDouble.empty());
        try (Inversion inversion = inverter(unet::predict, 7.5).invert(clean, text, new NullTextInversion(wild))) {
            assertThat(inversion.report().lossesWentDown()).isFalse();
            assertThat(inversion.report().warnings()).singleElement().asString().contains("the loss rose").doesNotContain("in 0 of");
        }
    }

    @Test
    void poorReconstruction_isToldInWords() {
        InversionReport fair = reportOf(26, 28);
        InversionReport poor = reportOf(14.1, 26.2);
        assertThat(fair.warnings()).isEmpty();
        assertThat(reportOf(42, 48).warnings()).isEmpty();
        assertThat(poor.warnings()).singleElement().asString().contains("poor: 14.1 dB").contains("26.2 dB");
    }

    private static InversionReport reportOf(double reconstruction, double autoencoder) {
        return new InversionReport(Cost.NONE, List.of(), List.of(), Optional.of(new Fidelity(0, reconstruction, 0)),
                Optional.of(new Fidelity(0, autoencoder, 0)));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void editsThatDoNotFit_areRefused(InversionMethod method) {
        try (Inversion inversion = inverter(unet::predict, 7.5).invert(clean, text, method)) {
            inversion.requireFit(STEPS, 7.5);
            assertThatIllegalArgumentException().isThrownBy(() -> inversion.requireFit(50, 7.5)).withMessageContaining("in 3 steps");
            if (method.tunes()) {
                assertThatIllegalArgumentException().isThrownBy(() -> inversion.requireFit(STEPS, 5)).withMessageContaining("tuned for guidance 7.5");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void tuningWithoutGuidance_isRefused(InversionMethod method) {
        Inverter unguided = inverter(unet::predict, 1);
        if (method.tunes()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> unguided.prepare(clean, text, method))
                    .withMessageContaining("choose ddim inversion");
        } else {
            unguided.invert(clean, text, method).close();
        }
    }

    @Test
    void moreStepsThanTheLearningRateHas_areRefusedBeforeTheFirst() {
        Inverter tooLong = new Inverter("small", unet::predict, DdimConfig.stableDiffusion().steps(125), 7.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tooLong.prepare(clean, text, new NullTextInversion(TUNING)))
                .withMessageContaining("at most 100 steps");
        tooLong.prepare(clean, text, new PromptTuningInversion(TUNING));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void guidanceThatNoEditHas_isRefused(double guidance) {
        assertThatIllegalArgumentException().isThrownBy(() -> inverter(unet::predict, guidance)).withMessageContaining("but got " + guidance);
    }

    private Inverter inverter(NoisePredictor predictor, double guidance) {
        return new Inverter("small", predictor, DdimConfig.stableDiffusion().steps(STEPS), guidance);
    }

    private InversionRun prepare(InversionMethod method) {
        return inverter(unet::predict, 7.5).prepare(clean, text, method);
    }

    private List<float[]> sampled(Inversion inversion, EditRecipe recipe) {
        return sampled(unet::predict, inversion, recipe);
    }

    private static List<float[]> sampled(NoisePredictor predictor, Inversion inversion, EditRecipe recipe) {
        List<float[]> latents = new ArrayList<>();
        new Sampler(predictor, DdimConfig.stableDiffusion().steps(STEPS))
                .run(inversion.start(), recipe, (_, sampled) -> latents.add(sampled.toArray()));
        return latents;
    }

    private static void assertSame(Inversion inversion, Inversion expected) {
        assertSame(inversion.trajectory().latents(), expected.trajectory().latents());
        assertSame(inversion.reconstruction(), expected.reconstruction());
        assertSame(inversion.embeddings(), expected.embeddings());
        assertThat(inversion.report()).isEqualTo(expected.report());
    }

    private static void assertSame(List<Tensor> actual, List<Tensor> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            TensorAssert.assertSameBits("element " + i, actual.get(i).toArray(), expected.get(i).toArray());
        }
    }
}
