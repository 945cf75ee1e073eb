package io.heddle.cli.demo;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.imagic.Start;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.SourceText;
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

    /** Samples a recipe from the noise that all pictures of prompts start from. */
    Take take(String what, EditRecipe recipe) {
        return take(what, recipe, noise);
    }

    /** Samples a recipe from a latent {@code [1, height, width, 4]}. */
    Take take(String what, EditRecipe recipe, Tensor start) {
        AtomicInteger evaluations = new AtomicInteger();
        Sampler sampler = new Sampler((latents, pass) -> {
            evaluations.addAndGet(pass.rows().size());
            return model.unet().predict(latents, pass);
        }, schedule);
        long before = System.nanoTime();
        Tensor latents = sampler.run(start, recipe, SamplingListener.NONE);
        return new Take(spent(what, evaluations.get(), before), latents);
    }

    /** What Imagic samples from: the noise, or the picture under it. */
    Tensor over(Tensor clean) {
        return Start.standard(model.unet()).of(noise, clean, model.scheduler(SchedulerKind.DDIM).noise(), schedule);
    }

    /** Inverts a picture. */
    Inversion invert(String what, Tensor clean, SourceText text, InversionMethod method) {
        long before = System.nanoTime();
        Inversion inversion = Inverter.of(model, settings.steps(), settings.guidanceScale(), false).invert(clean, text, method);
        spent(what, Math.toIntExact(inversion.report().cost().forward()), before);
        return inversion;
    }

    /** Notes what something took. */
    Cost spent(String what, int evaluations, long before) {
        Cost cost = new Cost(what, evaluations, (System.nanoTime() - before) / NANOS);
        costs.add(cost);
        return cost;
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
