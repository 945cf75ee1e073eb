package io.heddle.editing.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.Guidance;
import io.heddle.editing.Latents;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.Schedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.weights.ModelLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole edits in reference mode against what the published code computed. */
class PublishedRunTest {
    private static final Device DEVICE = Device.open("cpu", 2);
    private static final float NOT_ACTIVE = 2;

    @AfterAll
    static void closeDevice() {
        DEVICE.close();
    }

    static Object[] edits() {
        return PublishedEdit.all().toArray();
    }

    @ParameterizedTest
    @MethodSource("edits")
    void latentsMasksAndMaps_areThoseOfThePublishedCode(PublishedEdit published) {
        Fixture fixture = published.fixture();
        int prompts = published.prompts().size();
        List<float[]> latents = new ArrayList<>();
        List<float[]> masks = new ArrayList<>();
        try (Scope _ = DEVICE.scope();
                StableDiffusion model = StableDiffusion.load(ModelLocation.resolve(published.model().toString(), Optional.empty()), DEVICE)) {
            Tensor start = fixture.channelsLast(DEVICE, "in.latent");
            Extent size = new Extent(start.dim(1), start.dim(2));
            Schedule schedule = DdimConfig.stableDiffusion().steps(published.steps());
            EditedRun run = EditedRun.of(model, size, published.steps(), schedule);
            try (PromptToPrompt edit = PromptToPrompt.of(run, published.prompts(), published.settings());
                    AverageMaps maps = edit.averageMaps()) {
                SamplingListener listener = (step, sampled) -> {
                    latents.add(Latents.toChannelsFirst(sampled));
                    WordBlend blend = edit.blend();
                    if (blend != null) {
                        boolean active = step.index() >= blend.firstCall();
                        IntStream.range(0, prompts).forEach(p -> masks.add(active ? blend.mask(p, size).toArray() : notActive(size)));
                    }
                };
                new Sampler(model.unet()::predict, schedule)
                        .run(start, edit.recipe(conditioning(fixture, prompts), Guidance.classifierFree(7.5)).withTaps(maps.taps()), listener);

                if (fixture.contains("latents_per_step")) {
                    fixture.assertMatches("latents_per_step", concat(latents));
                } else {
                    fixture.assertMatches("latents_steps_0_4_9", concat(List.of(latents.get(0), latents.get(4), latents.get(9))));
                }
                fixture.assertMatches("average_maps", concat(IntStream.range(0, prompts).mapToObj(p -> maps.of(p).toArray()).toList()));
                if (fixture.contains("blend_masks")) {
                    float[] expected = new float[concat(masks).length];
                    long[] stored = fixture.longs("blend_masks");
                    IntStream.range(0, expected.length).forEach(i -> expected[i] = stored[i]);
                    assertThat(concat(masks)).isEqualTo(expected);
                }
            }
        }
    }

    private static Conditioning conditioning(Fixture fixture, int prompts) {
        Tensor context = fixture.tensor(DEVICE, "in.context");
        return Conditioning.of(
                IntStream.range(0, prompts).mapToObj(p -> TextEmbedding.of(context.row(p))).toList(),
                TextEmbedding.of(fixture.tensor(DEVICE, "in.uncond")));
    }

    private static float[] notActive(Extent size) {
        float[] mask = new float[size.cells()];
        Arrays.fill(mask, NOT_ACTIVE);
        return mask;
    }

    private static float[] concat(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int next = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, next, part.length);
            next += part.length;
        }
        return all;
    }
}
