package io.heddle.editing.p2p;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.NoisePredictor;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.SchedulerConfig;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.ModelLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs on the small trained model, a few steps each, with the UNet's evaluations counted. */
final class ToyRuns implements AutoCloseable {
    static final int STEPS = 5;
    static final Guidance GUIDANCE = Guidance.classifierFree(7.5);

    final Device device;
    final StableDiffusion model;
    final Schedule schedule;
    final EditedRun run;
    final Tensor start;
    int evaluations;
    private final Scope scope;
    private final Map<String, TextEmbedding> encoded = new HashMap<>();

    ToyRuns(int threads, Extent latent, SchedulerConfig scheduler) {
        device = Device.open("cpu", threads);
        scope = device.scope();
        model = StableDiffusion.load(ModelLocation.resolve(SharedFiles.locate("toy_sd").toString(), Optional.empty()), device);
        schedule = scheduler.steps(STEPS);
        run = EditedRun.of(model, latent, STEPS, schedule);
        start = model.noise(7, latent);
    }

    static ToyRuns open() {
        return new ToyRuns(1, new Extent(32, 32), DdimConfig.stableDiffusion());
    }

    Conditioning conditioning(List<String> prompts) {
        return Conditioning.of(prompts.stream().map(this::encode).toList(), encode(""));
    }

    private TextEmbedding encode(String prompt) {
        return encoded.computeIfAbsent(prompt, model::encode);
    }

    /** The latents after each step, {@code [prompts, height, width, 4]}. */
    List<float[]> sample(EditRecipe recipe) {
        NoisePredictor counting = (latents, pass) -> {
            evaluations += pass.rows().size();
            return model.unet().predict(latents, pass);
        };
        List<float[]> trajectory = new ArrayList<>();
        SamplingListener listener = (_, latents) -> trajectory.add(latents.toArray());
        try (Scope _ = device.scope()) {
            new Sampler(counting, schedule).run(start, recipe, listener);
        }
        return trajectory;
    }

    List<float[]> plain(String... prompts) {
        return sample(EditRecipe.plain(conditioning(List.of(prompts)), GUIDANCE));
    }

    List<float[]> edited(EditSettings settings, String... prompts) {
        try (PromptToPrompt edit = PromptToPrompt.of(run, List.of(prompts), settings)) {
            return sample(edit.recipe(conditioning(List.of(prompts)), GUIDANCE));
        }
    }

    /** A source that was run and recorded. */
    SourceRun record(String prompt, EditSettings reach, TensorStore store) {
        SourceRun source = new SourceRun(run, prompt, reach, store);
        sample(source.recipe(conditioning(List.of(prompt)), GUIDANCE));
        return source;
    }

    /** The latents of the targets after each step. */
    List<float[]> editedAfter(SourceRun source, EditSettings settings, String... prompts) {
        try (PromptToPrompt edit = PromptToPrompt.after(source, List.of(prompts).subList(1, prompts.length), settings)) {
            return sample(edit.recipe(conditioning(List.of(prompts)), GUIDANCE));
        }
    }

    /** Rows of a batch, at each step. */
    List<float[]> rows(List<float[]> trajectory, int first, int count) {
        int row = run.latent().cells() * 4;
        return trajectory.stream().map(latents -> Arrays.copyOfRange(latents, first * row, (first + count) * row)).toList();
    }

    @Override
    public void close() {
        encoded.values().forEach(TextEmbedding::close);
        model.close();
        scope.close();
        device.close();
    }
}
