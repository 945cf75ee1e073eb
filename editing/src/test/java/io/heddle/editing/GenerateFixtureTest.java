package io.heddle.editing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.heddle.attention.TextEmbedding;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.SchedulerConfig;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.ConfigReader;
import io.heddle.weights.ModelLocation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text to image from prompts and seeds, against the reference library. */
class GenerateFixtureTest {
    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "07_generate_a_ddim", "07_generate_a_pndm", "07_generate_a_euler", "07_generate_a_dpmpp2m", "07_generate_b_ddim", "07_generate_b_pndm",
        "07_generate_b_dpmpp2m", "13_toy_generate"
    })
    void latentsAndPictureAreTheReferences(String name) {
        Fixture fixture = Fixture.of(name);
        JsonObject settings = fixture.settings();
        JsonObject inputs = fixture.json().getAsJsonObject("inputs");
        String folder = fixture.json().get("model").getAsString();
        ModelLocation location = ModelLocation.resolve(SharedFiles.locate("fixtures/" + folder).toString(), Optional.empty());
        try (StableDiffusion model = StableDiffusion.load(location, device)) {
            Schedule schedule = config(settings, location).forStableDiffusion().steps(settings.get("steps").getAsInt());
            List<String> prompts = inputs.has("prompts")
                    ? inputs.getAsJsonArray("prompts").asList().stream().map(p -> p.getAsString()).toList()
                    : List.of(inputs.get("prompt").getAsString());
            List<TextEmbedding> texts = prompts.stream().map(model::encode).toList();
            Conditioning conditioning = Conditioning.of(texts, model.encode(inputs.get("negative_prompt").getAsString()));
            EditRecipe recipe = EditRecipe.plain(conditioning, Guidance.classifierFree(settings.get("guidance_scale").getAsDouble()));
            Extent size = new Extent(settings.get("height").getAsInt(), settings.get("width").getAsInt());
            Tensor noise = model.noise(fixture.json().get("seed").getAsLong(), model.latentSize(size));
            assertThat(Latents.toChannelsFirst(noise)).isEqualTo(fixture.floats("in.latent"));
            Tensor latents = new Sampler(model.unet()::predict, schedule).run(noise.times(schedule.initialScale()), recipe, (step, now) -> {
                if (fixture.contains("latents_per_step")) {
                    float[] all = fixture.floats("latents_per_step");
                    int row = all.length / schedule.calls();
                    float[] expected = Arrays.copyOfRange(all, step.index() * row, (step.index() + 1) * row);
                    fixture.assertMatches("latents_per_step", Latents.toChannelsFirst(now), expected);
                }
            });
            if (fixture.contains("latents_last")) {
                fixture.assertMatches("latents_last", Latents.toChannelsFirst(latents));
            }
            if (fixture.contains("image_raw_rows")) {
                fixture.assertMatches("image_raw_rows", rows(Latents.toChannelsFirst(model.decode(latents)), size, fixture.dims("image_raw_rows")));
            }
        }
    }

    private static SchedulerConfig config(JsonObject settings, ModelLocation location) {
        ConfigReader file = settings.has("scheduler_config")
                ? ConfigReader.of("case.json", settings.getAsJsonObject("scheduler_config"))
                : location.schedulerConfig();
        SchedulerKind kind = switch (settings.get("scheduler").getAsString()) {
            case "DDIMScheduler", "DDIM" -> SchedulerKind.DDIM;
            case "PNDMScheduler" -> SchedulerKind.PNDM;
            case "EulerDiscreteScheduler" -> SchedulerKind.EULER;
            case "DPMSolverMultistepScheduler" -> SchedulerKind.DPM_SOLVER;
            default -> throw new IllegalArgumentException("unknown scheduler in the fixture");
        };
        return kind.read(file).forStableDiffusion();
    }

    /** Every so many rows of each channel's picture, as the fixtures store them. */
    private static float[] rows(float[] pictures, Extent size, int[] stored) {
        float[] rows = new float[stored[0] * stored[1] * stored[2] * stored[3]];
        int every = size.height() / stored[2];
        for (int plane = 0; plane < stored[0] * stored[1]; plane++) {
            for (int r = 0; r < stored[2]; r++) {
                int from = (plane * size.height() + r * every) * size.width();
                System.arraycopy(pictures, from, rows, (plane * stored[2] + r) * size.width(), size.width());
            }
        }
        return rows;
    }
}
