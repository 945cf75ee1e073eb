package io.heddle.editing.imagic;

import static io.heddle.testkit.TensorAssert.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.ResultFile.Found;
import io.heddle.editing.SmallNetwork;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.nn.Parameter;
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.schedulers.Prediction;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.unet.UNet;
import io.heddle.weights.SafetensorsFile;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Imagic's run changes, keeps and gives back, on a small network. */
class ImagicTest {
    private static final ImagicSettings SETTINGS = new ImagicSettings(new Descent(3, 1e-2, 2), new Descent(3, 1e-3, 2), Trained.ALL, 5);
    private static final String PROMPT = "a cat lying";

    @TempDir
    Path folder;

    /** A network of its own for each run, and everything that a run leaves behind. */
    private static final class Trial implements AutoCloseable {
        final Device device;
        final UNet unet;
        final ImagicRun run;

        Trial(ImagicSettings settings, int threads, boolean checkpointed) {
            device = Device.open("cpu", threads);
            unet = SmallNetwork.load(device);
            Imagic imagic = new Imagic("small", unet, NoiseSchedule.stableDiffusion(), Prediction.EPSILON, settings, checkpointed);
            FormulaWeights weights = new FormulaWeights();
            run = imagic.prepare(SmallNetwork.latent(device), PROMPT, SmallNetwork.text(device, PROMPT), weights::take);
        }

        Trial(ImagicSettings settings) {
            this(settings, 1, false);
        }

        Map<String, float[]> weights() {
            Map<String, float[]> weights = new TreeMap<>();
            unet.parameters().forEach((name, parameter) -> weights.put(name, parameter.toCheckpoint()));
            return weights;
        }

        /** Weights and embedding after all steps. */
        Map<String, float[]> finished() {
            return state(run.finish(_ -> {}));
        }

        Map<String, float[]> state(ImagicEdit edit) {
            Map<String, float[]> state = weights();
            state.put("embedding", edit.at(0).tensor().toArray());
            return state;
        }

        @Override
        public void close() {
            run.close();
            unet.close();
            device.close();
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static void assertSame(Map<String, float[]> actual, Map<String, float[]> expected) {
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, elements) -> assertSameBits(name, actual.get(name), elements));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 6})
    void killedAtAnyStep_itGoesOnWithTheSameBits(int step) {
        ImagicFile file = new ImagicFile(folder.resolve("cat.safetensors"));
        try (Trial whole = new Trial(SETTINGS);
                Trial first = new Trial(SETTINGS);
                Trial second = new Trial(SETTINGS)) {
            assertThat(file.resume(first.run)).isEqualTo(Found.NOTHING);
            assertThatThrownBy(() -> file.complete(first.run, Existing.REFUSE, now -> {
                if (now.done() == step) {
                    throw new Killed();
                }
            })).isInstanceOf(Killed.class);
            assertThat(file.path()).doesNotExist();
            assertThat(file.resume(second.run)).isEqualTo(Found.PARTIAL);
            assertThat(second.run.done()).isPositive();
            assertSame(second.state(file.complete(second.run, Existing.REFUSE, _ -> {})), whole.finished());
            assertThat(second.run.report()).isEqualTo(whole.run.report());
            assertThat(file.partial()).doesNotExist();
        }
    }

    @Test
    void finishedFile_givesTheSameBitsWithoutAStep() {
        ImagicFile file = new ImagicFile(folder.resolve("cat.safetensors"));
        try (Trial first = new Trial(SETTINGS);
                Trial again = new Trial(SETTINGS);
                Trial other = new Trial(SETTINGS.withSeed(6))) {
            Map<String, float[]> made = first.state(file.complete(first.run, Existing.REFUSE, _ -> {}));
            assertThat(file.resume(again.run)).isEqualTo(Found.FINISHED);
            assertSame(again.state(again.run.finish(_ -> assertThat(true).as("a step was made").isFalse())), made);
            assertThat(file.resume(other.run)).isEqualTo(Found.NOTHING);
        }
    }

    @Test
    void otherRandomNumbers_areAnotherRecipe() {
        try (Trial trial = new Trial(SETTINGS)) {
            Imagic imagic = new Imagic("small", trial.unet, NoiseSchedule.stableDiffusion(), Prediction.EPSILON, SETTINGS, false);
            TrainingDraws others = TrainingDraws.stratified(SETTINGS.seed() + 1, 1000, trial.run.clean);
            TextEmbedding target = SmallNetwork.text(trial.device, PROMPT);
            try (ImagicRun other = imagic.prepare(trial.run.clean, PROMPT, target, new FormulaWeights()::take, others)) {
                assertThat(other.recipe()).isNotEqualTo(trial.run.recipe());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threadsAndCheckpoints_doNotChangeABit(boolean checkpointed) {
        try (Trial plain = new Trial(SETTINGS);
                Trial other = new Trial(SETTINGS, 2, checkpointed)) {
            assertSame(other.finished(), plain.finished());
        }
    }

    @Test
    void closing_givesTheNetworkItsWeightsBack() {
        try (Trial trial = new Trial(SETTINGS)) {
            Map<String, float[]> before = trial.weights();
            ImagicEdit edit = trial.run.finish(_ -> {});
            assertThat(trial.weights().get("conv_in.weight")).isNotEqualTo(before.get("conv_in.weight"));
            edit.close();
            assertSame(trial.weights(), before);
        }
    }

    @ParameterizedTest
    @EnumSource(Trained.class)
    void onlyTheChosenWeightsMove(Trained trained) {
        ImagicFile file = new ImagicFile(folder.resolve("cat.safetensors"));
        try (Trial trial = new Trial(SETTINGS.withTrained(trained))) {
            Map<String, float[]> before = trial.weights();
            file.complete(trial.run, Existing.REFUSE, _ -> {});
            List<String> moved = new ArrayList<>();
            trial.weights().forEach((name, elements) -> {
                if (!Arrays.equals(elements, before.get(name))) {
                    moved.add(name);
                }
            });
            List<String> chosen = trained.of(trial.unet).stream().map(Parameter::name).sorted().toList();
            assertThat(moved).isEqualTo(chosen);
            try (SafetensorsFile stored = SafetensorsFile.open(file.path())) {
                assertThat(stored.tensors().keySet().stream().filter(name -> name.startsWith("unet.")).map(name -> name.substring(5)).sorted())
                        .isEqualTo(chosen);
            }
        }
    }

    @Test
    void bothStages_lowerTheLossOnFixedNoise() {
        try (Trial trial = new Trial(new ImagicSettings(new Descent(20, 1e-2, 4), new Descent(20, 1e-3, 4), Trained.ALL, 0))) {
            List<Float> measured = trial.run.finish(_ -> {}).report().measured();
            assertThat(measured).hasSize(3);
            assertThat(measured.get(1)).isLessThan(measured.get(0));
            assertThat(measured.get(2)).isLessThan(measured.get(1));
            assertThat(trial.run.report().warnings()).isEmpty();
        }
    }

    @Test
    void embeddings_lieOnTheLineBetweenOptimisedAndTarget() {
        try (Trial trial = new Trial(SETTINGS)) {
            ImagicEdit edit = trial.run.finish(_ -> {});
            TextEmbedding target = SmallNetwork.text(trial.device, PROMPT);
            assertSameBits("eta 1", edit.at(1).tensor().toArray(), target.tensor().toArray());
            assertThat(edit.at(0).tensor().toArray()).isNotEqualTo(target.tensor().toArray());
        }
    }

    @Test
    void noiseLevels_visitEachStratumOnceARound() {
        Device device = Device.open("cpu", 1);
        Tensor latent = SmallNetwork.latent(device);
        for (int rows : List.of(1, 4, 8, 20)) {
            TrainingDraws draws = TrainingDraws.stratified(3, 1000, latent);
            int turns = Math.ceilDiv(TrainingDraws.STRATA, rows);
            for (int round = 0; round < 2; round++) {
                List<Integer> strata = new ArrayList<>();
                for (int step = round * turns; step < (round + 1) * turns; step++) {
                    TrainingDraw draw = draws.draw(Stage.NETWORK, step, rows);
                    assertThat(draws.draw(Stage.NETWORK, step, rows).noise().toArray()).isEqualTo(draw.noise().toArray());
                    draw.timesteps().forEach(t -> strata.add((int) ((t + 0.5) * rows * turns / 1000)));
                }
                assertThat(strata).hasSize(rows * turns).doesNotHaveDuplicates();
            }
            assertThat(draws.draw(Stage.NETWORK, 0, rows).timesteps()).isNotEqualTo(draws.draw(Stage.EMBEDDING, 0, rows).timesteps());
        }
        device.close();
    }

    @Test
    void draws_ofOtherSeedsStagesAndSteps_shareNoNoise() {
        try (Device device = Device.open("cpu", 1)) {
            Tensor latent = SmallNetwork.latent(device);
            Set<FloatBuffer> drawn = new HashSet<>();
            for (int seed = 0; seed < 2; seed++) {
                TrainingDraws draws = TrainingDraws.stratified(seed, 1000, latent);
                for (Stage stage : Stage.values()) {
                    for (int step = 0; step < 1000; step++) {
                        try (Tensor noise = draws.draw(stage, step, 1).noise()) {
                            assertThat(drawn.add(FloatBuffer.wrap(noise.toArray())))
                                    .as("new noise at step %s of %s, seed %s", step, stage, seed)
                                    .isTrue();
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memoryEstimate_isNearWhatARunTakes(boolean checkpointed) {
        try (Trial trial = new Trial(SETTINGS, 1, checkpointed)) {
            MemoryEstimate estimate = new Imagic("small", trial.unet, NoiseSchedule.stableDiffusion(), Prediction.EPSILON, SETTINGS, checkpointed)
                    .memory(new Extent(8, 8));
            trial.run.finish(_ -> {});
            assertThat((double) estimate.total() / trial.device.memory().peakBytes()).isBetween(0.7, 1.3);
        }
    }

    @Test
    void impossibleSettings_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Descent(-1, 1e-3, 1)).withMessageContaining("0 or more steps");
        assertThatIllegalArgumentException().isThrownBy(() -> new Descent(1, 0, 1)).withMessageContaining("learning rate");
        assertThatIllegalArgumentException().isThrownBy(() -> Trained.of("lora")).withMessageContaining("all or attention");
    }
}
