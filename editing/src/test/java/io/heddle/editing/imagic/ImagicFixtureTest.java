package io.heddle.editing.imagic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
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
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.schedulers.Prediction;
import io.heddle.schedulers.Schedule;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All three stages against what PyTorch computed with the same noise levels and noise. */
class ImagicFixtureTest {
    private static final List<String> WEIGHTS = List.of(
            "conv_in.weight", "time_embedding.linear_2.bias", "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_v.weight",
            "mid_block.resnets.0.norm2.weight", "up_blocks.2.resnets.0.conv_shortcut.bias", "conv_out.weight");

    private static Device device;
    private static Fixture fixture;
    private static StableDiffusion model;
    private static Checkpoint base;
    private static ImagicRun run;
    private static ImagicEdit edit;

    @BeforeAll
    static void tune() {
        fixture = Fixture.of("10_imagic");
        device = Device.open("cpu", 2);
        ModelLocation location = ModelLocation.resolve(SharedFiles.locate("fixtures/model_a").toString(), Optional.empty());
        model = StableDiffusion.load(location, device);
        base = location.open(Component.UNET);
        run = run(fixture.dims("in.noise1")[0], fixture.dims("in.noise2")[0]);
        edit = run.finish(_ -> {});
    }

    @AfterAll
    static void close() {
        if (device != null) {
            edit.close();
            base.close();
            model.close();
            device.close();
        }
    }

    private static ImagicRun run(int embeddingSteps, int networkSteps) {
        JsonObject settings = fixture.settings();
        ImagicSettings constants = new ImagicSettings(
                new Descent(embeddingSteps, settings.get("lr_embedding").getAsDouble(), 1),
                new Descent(networkSteps, settings.get("lr_unet").getAsDouble(), 1), Trained.ALL, 0);
        Imagic imagic = new Imagic("model_a", model.unet(), NoiseSchedule.stableDiffusion(), Prediction.EPSILON, constants, true);
        TextEmbedding target = TextEmbedding.of(fixture.tensor(device, "in.context"));
        String prompt = fixture.json().getAsJsonObject("inputs").get("target").getAsString();
        return imagic.prepare(fixture.channelsLast(device, "z0"), prompt, target, base::take, ImagicFixtureTest::draw);
    }

    private static TrainingDraw draw(Stage stage, int step, int rows) {
        String suffix = stage == Stage.NETWORK ? "2" : "1";
        int[] dims = fixture.dims("in.noise" + suffix);
        Tensor noise = fixture.tensor(device, "in.noise" + suffix).row(step % dims[0]).reshape(dims[1], dims[2], dims[3], dims[4]);
        return new TrainingDraw(List.of((int) fixture.longs("in.t" + suffix)[step % dims[0]]), noise.permute(0, 2, 3, 1));
    }

    @Test
    void losses_ofBothStages() {
        assertLosses(run.report().embeddingLosses(), fixture.floats("losses_embedding"));
        assertLosses(run.report().networkLosses(), fixture.floats("losses_unet"));
    }

    private static void assertLosses(List<Float> losses, float[] expected) {
        assertThat(losses).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(losses.get(i) / expected[i]).isCloseTo(1, within(Tolerances.LOSS));
        }
    }

    @Test
    void embedding_afterItsSteps() {
        fixture.assertMatches("embedding_optimised", edit.at(0).tensor().toArray());
    }

    @Test
    void weights_afterTheirSteps() {
        for (String name : WEIGHTS) {
            fixture.assertMatches("weight_after." + name, model.unet().parameters().get(name).toCheckpoint());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.7"})
    void samples_betweenPictureAndTarget(String eta) {
        try (Scope _ = device.scope()) {
            TextEmbedding empty = TextEmbedding.of(fixture.tensor(device, "in.uncond"));
            double guidance = fixture.settings().get("guidance_scale").getAsDouble();
            FloatBuffer latents = FloatBuffer.allocate(fixture.floats("sample_eta" + eta).length);
            new Sampler(model.unet()::predict, DdimConfig.stableDiffusion().steps(fixture.settings().get("steps").getAsInt()))
                    .run(fixture.channelsLast(device, "in.start"), edit.recipe(List.of(Double.valueOf(eta)), empty, guidance),
                            (_, latent) -> latents.put(Latents.toChannelsFirst(latent)));
            fixture.assertMatches("sample_eta" + eta, latents.array());
        }
    }

    @Test
    void promptToPrompt_onTheTunedNetwork_keepsImagicsPictureAsItsSource() {
        try (Scope _ = device.scope()) {
            List<String> prompts = List.of(edit.prompt(), edit.prompt().replace("dog", "cat"));
            Schedule schedule = DdimConfig.stableDiffusion().steps(3);
            Sampler sampler = new Sampler(model.unet()::predict, schedule);
            Guidance guidance = Guidance.classifierFree(3);
            Tensor start = fixture.channelsLast(device, "in.start");
            TextEmbedding empty = model.encode("");
            Conditioning text = Conditioning.of(List.of(edit.at(0.7), model.encode(prompts.get(1))), empty);
            Tensor imagic = sampler.run(start, edit.recipe(List.of(0.7), empty, 3), SamplingListener.NONE);
            Tensor plain = sampler.run(start, EditRecipe.plain(text, guidance), SamplingListener.NONE);
            try (PromptToPrompt edited = PromptToPrompt.of(EditedRun.of(model, edit.latent(), 3, schedule), prompts, EditSettings.DEFAULTS)) {
                Tensor both = sampler.run(start, edited.recipe(text, guidance), SamplingListener.NONE);
                TensorAssert.assertSameBits("source", both.row(0).toArray(), imagic.toArray());
                assertThat(both.row(1).toArray()).isNotEqualTo(both.row(0).toArray()).isNotEqualTo(plain.row(1).toArray());
            }
        }
    }
}
