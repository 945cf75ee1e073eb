package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Latents;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.Schedule;
import io.heddle.spi.Extent;
import io.heddle.spi.Precision;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.weights.ModelLocation;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the fast mode costs in accuracy: the outputs of a model on the device in half precision against those on the CPU in float32, as relative distances.
 * Seen on the emulated device:
 *
 * <table>
 * <caption>relative distance to float32</caption>
 * <tr><th>output</th><th>trained on the toy world</th><th>random weights</th></tr>
 * <tr><td>text encoding</td><td>4.0e-4</td><td>1.5e-3</td></tr>
 * <tr><td>one prediction of the network</td><td>3.5e-4</td><td>2.3e-3</td></tr>
 * <tr><td>decoded picture</td><td>5.5e-4</td><td>2.1e-3</td></tr>
 * <tr><td>latents after two steps</td><td>5.3e-3</td><td>6.8e-3</td></tr>
 * <tr><td>latents after two steps of an edit</td><td>5.4e-3</td><td>6.7e-3</td></tr>
 * </table>
 */
@ParameterizedClass
@ValueSource(strings = {"toy_sd", "fixtures/model_a"})
class FastModeTest {
    private static final Guidance GUIDANCE = Guidance.classifierFree(7.5);
    private static final Extent LATENT = new Extent(16, 16);
    private static final List<String> PROMPTS = List.of("a big red ball on the grass", "a big blue ball on the grass");
    private static final int STEPS = 2;

    private final String model;
    private Device fast;
    private Device cpu;
    private StableDiffusion fastModel;
    private StableDiffusion cpuModel;

    /** What a model makes. */
    private enum Output {
        TEXT(Tolerances.TEXT_IN_HALF, FastModeTest::text),
        NOISE(Tolerances.NOISE_IN_HALF, FastModeTest::noise),
        PICTURE(Tolerances.PICTURE_IN_HALF, model -> model.decode(model.noise(2, LATENT)).toArray()),
        GENERATED(Tolerances.LATENTS_IN_HALF, FastModeTest::generated),
        EDITED(Tolerances.LATENTS_IN_HALF, FastModeTest::edited);

        private final double tolerance;
        private final Function<StableDiffusion, float[]> make;

        Output(double tolerance, Function<StableDiffusion, float[]> make) {
            this.tolerance = tolerance;
            this.make = make;
        }
    }

    FastModeTest(String model) {
        this.model = model;
    }

    @BeforeEach
    void load() {
        ModelLocation location = ModelLocation.resolve(SharedFiles.locate(model).toString(), Optional.empty());
        fast = Device.of(TestDevice.open(TestDevice.cublas(), Precision.FLOAT16));
        cpu = Device.open("cpu", 1);
        fastModel = StableDiffusion.load(location, fast);
        cpuModel = StableDiffusion.load(location, cpu);
    }

    @AfterEach
    void close() {
        if (fastModel != null) {
            fastModel.close();
            cpuModel.close();
            assertThat(fast.memory().liveBytes()).as("bytes left").isZero();
            fast.close();
            cpu.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void output_isTheCpusButForRounding(Output output) {
        try (Scope _ = fast.scope();
                Scope _ = cpu.scope()) {
            TensorAssert.assertRelativelyClose(output.name(), output.make.apply(fastModel), output.make.apply(cpuModel), output.tolerance);
        }
    }

    private static float[] text(StableDiffusion model) {
        try (TextEmbedding text = model.encode(PROMPTS.getFirst())) {
            return text.tensor().toArray();
        }
    }

    private static float[] noise(StableDiffusion model) {
        try (TextEmbedding text = model.encode(PROMPTS.getFirst())) {
            return model.unet().predict(model.noise(1, LATENT), Pass.of(Step.at(500), TextConditioning.of(text))).toArray();
        }
    }

    private static float[] generated(StableDiffusion model) {
        try (TextEmbedding text = model.encode(PROMPTS.getFirst());
                TextEmbedding empty = model.encode("")) {
            return sampled(model, EditRecipe.plain(Conditioning.of(List.of(text), empty), GUIDANCE));
        }
    }

    private static float[] edited(StableDiffusion model) {
        EditedRun run = EditedRun.of(model, LATENT, STEPS, schedule());
        try (TextEmbedding source = model.encode(PROMPTS.getFirst());
                TextEmbedding target = model.encode(PROMPTS.getLast());
                TextEmbedding empty = model.encode("");
                PromptToPrompt edit = PromptToPrompt.of(run, PROMPTS, EditSettings.DEFAULTS)) {
            return sampled(model, edit.recipe(Conditioning.of(List.of(source, target), empty), GUIDANCE));
        }
    }

    private static float[] sampled(StableDiffusion model, EditRecipe recipe) {
        Sampler sampler = new Sampler(model.unet()::predict, schedule());
        return Latents.toChannelsFirst(sampler.run(model.noise(1, LATENT), recipe, SamplingListener.NONE));
    }

    private static Schedule schedule() {
        return DdimConfig.stableDiffusion().steps(STEPS);
    }
}
