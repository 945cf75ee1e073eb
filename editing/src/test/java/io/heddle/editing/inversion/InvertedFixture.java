package io.heddle.editing.inversion;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Latents;
import io.heddle.editing.Sampler;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.p2p.EditKind;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.editing.p2p.PromptToPrompt;
import io.heddle.editing.p2p.StepWindow;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.ModelLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The small model and a picture's latent with its texts, as the reference code inverted them. */
final class InvertedFixture implements AutoCloseable {
    static final double GUIDANCE = 7.5;

    final Fixture fixture;
    final StableDiffusion model;
    final Tensor clean;
    final SourceText text;

    private InvertedFixture(String name, Device device) {
        fixture = Fixture.of(name);
        model = StableDiffusion.load(ModelLocation.resolve(SharedFiles.locate("fixtures/model_a").toString(), Optional.empty()), device);
        clean = fixture.channelsLast(device, "z0");
        text = new SourceText(prompt(), context(0), TextEmbedding.of(fixture.tensor(device, "in.uncond")));
    }

    static InvertedFixture of(String name, Device device) {
        return new InvertedFixture(name, device);
    }

    /** The prompt of the first row of the context. */
    String prompt() {
        return List.of("prompt", "source", "target").stream()
                .filter(key -> fixture.json().getAsJsonObject("inputs").has(key))
                .map(key -> fixture.json().getAsJsonObject("inputs").get(key).getAsString())
                .findFirst()
                .orElseThrow();
    }

    /** A row of the context. */
    TextEmbedding context(int row) {
        return TextEmbedding.of(fixture.tensor(model.device(), "in.context").row(row));
    }

    Inverter inverter(int steps, double guidance) {
        return new Inverter("model_a", model.unet()::predict, schedule(steps), guidance);
    }

    static DdimSchedule schedule(int steps) {
        return DdimConfig.stableDiffusion().steps(steps);
    }

    Inversion invert(InversionMethod method, int steps, double guidance) {
        return inverter(steps, guidance).invert(clean, text, method);
    }

    /** The latents after each step of a replacement of the second row's prompt, channels first. */
    float[] replaced(Inversion inversion, double cross, double self) {
        int steps = inversion.trajectory().steps();
        EditSettings settings = EditSettings.DEFAULTS
                .asPublished()
                .withKind(EditKind.REPLACE)
                .withCrossReplace(StepWindow.until(cross))
                .withSelfReplace(StepWindow.until(self));
        String target = fixture.json().getAsJsonObject("inputs").get("target").getAsString();
        EditedRun run = EditedRun.of(model, new Extent(clean.dim(1), clean.dim(2)), steps, schedule(steps));
        try (PromptToPrompt edit = PromptToPrompt.of(run, List.of(inversion.prompt(), target), settings)) {
            return latents(inversion.pin(edit.recipe(inversion.conditioning(List.of(context(1))), Guidance.classifierFree(GUIDANCE))), inversion);
        }
    }

    /** The latents after each step of a recipe, channels first. */
    float[] latents(EditRecipe recipe, Inversion inversion) {
        List<float[]> latents = new ArrayList<>();
        new Sampler(model.unet()::predict, schedule(inversion.trajectory().steps()))
                .run(inversion.start(), recipe, (_, sampled) -> latents.add(Latents.toChannelsFirst(sampled)));
        return concat(latents);
    }

    static float[] channelsFirst(List<Tensor> latents) {
        return concat(latents.stream().map(Latents::toChannelsFirst).toList());
    }

    static float[] elements(List<Tensor> tensors) {
        return concat(tensors.stream().map(Tensor::toArray).toList());
    }

    static float[] concat(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int next = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, next, part.length);
            next += part.length;
        }
        return all;
    }

    @Override
    public void close() {
        model.close();
    }
}
