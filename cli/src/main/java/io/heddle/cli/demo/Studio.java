package io.heddle.cli.demo;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.image.Picture;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Runs recipes, all from the same noise, and counts what they cost. */
final class Studio {
    private static final double NANOS = 1e9;

    private final StableDiffusion model;
    private final DemoSettings settings;
    private final Schedule schedule;
    private final Extent latent;
    private final Tensor noise;
    private final List<Cost> costs = new ArrayList<>();

    Studio(StableDiffusion model, DemoSettings settings) {
        this.model = model;
        this.settings = settings;
        schedule = model.scheduler(SchedulerKind.DDIM).steps(settings.steps());
        latent = model.latentSize(model.defaultSize());
        noise = model.noise(settings.seed(), latent).times(schedule.initialScale());
    }

    /** What edits must know of the runs. */
    EditedRun run() {
        return EditedRun.of(model, latent, settings.steps(), schedule);
    }

    Conditioning conditioning(String... prompts) {
        List<TextEmbedding> texts = Stream.of(prompts).map(model::encode).toList();
        return Conditioning.of(texts, model.encode(""));
    }

    Guidance guidance() {
        return Guidance.classifierFree(settings.guidanceScale());
    }

    /** The picture of a prompt, unedited. */
    Take plain(String what, String prompt) {
        return take(what, EditRecipe.plain(conditioning(prompt), guidance()));
    }

    /** Samples a recipe. */
    Take take(String what, EditRecipe recipe) {
        AtomicInteger evaluations = new AtomicInteger();
        Sampler sampler = new Sampler((latents, pass) -> {
            evaluations.addAndGet(pass.rows().size());
            return model.unet().predict(latents, pass);
        }, schedule);
        long start = System.nanoTime();
        Tensor latents = sampler.run(noise, recipe, SamplingListener.NONE);
        Cost cost = new Cost(what, evaluations.get(), (System.nanoTime() - start) / NANOS);
        costs.add(cost);
        return new Take(cost, latents);
    }

    /** What all runs so far have taken. */
    List<Cost> costs() {
        return List.copyOf(costs);
    }

    /** The picture of latents {@code [1, height, width, 4]}. */
    Picture develop(Tensor latents) {
        return model.pictures(latents).getFirst();
    }
}
