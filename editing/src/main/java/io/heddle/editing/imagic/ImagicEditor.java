package io.heddle.editing.imagic;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Fingerprint;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.files.OutputException;
import io.heddle.image.Picture;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.SchedulerConfig;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Imagic as benchmarks run it: a picture and a target in, a picture for each η out, all from the same noise.
 *
 * @param model the model; its network has its own weights again after each edit
 * @param base has the network's weights
 * @param settings of both stages
 * @param etas how far to go
 * @param steps of DDIM
 * @param guidance scale of guidance
 * @param seed of the noise
 * @param start what is sampled from
 */
public record ImagicEditor(
        StableDiffusion model, WeightSource base, ImagicSettings settings, List<Double> etas, int steps, double guidance, long seed, Start start)
        implements TedBench.Editor {
    /** What the edited pictures depend on, for {@link TedBench#run}. */
    public String recipe() {
        return "imagic " + settings.toJson() + " in " + steps + " steps under guidance " + guidance + " from " + start + " of seed " + seed
                + " by the model " + Fingerprint.of(model);
    }

    @Override
    public List<Picture> edit(Picture picture, String target, Path progress) {
        ImagicFile file = new ImagicFile(progress);
        List<Picture> pictures;
        try (Scope _ = model.device().scope();
                TextEmbedding text = model.encode(target);
                TextEmbedding empty = model.encode("");
                ImagicRun run = Imagic.of(model, settings, false).prepare(model.encode(picture), target, text, base)) {
            file.resume(run);
            try (ImagicEdit edit = file.complete(run, Existing.REPLACE, _ -> {})) {
                SchedulerConfig ddim = model.scheduler(SchedulerKind.DDIM);
                Schedule schedule = ddim.steps(steps);
                Tensor first = start.of(model.noise(seed, edit.latent()), edit.clean(), ddim.noise(), schedule);
                Tensor latents = new Sampler(model.unet()::predict, schedule).run(first, edit.recipe(etas, empty, guidance), SamplingListener.NONE);
                pictures = model.pictures(latents);
            }
        }
        try {
            Files.deleteIfExists(progress);
        } catch (IOException e) {
            throw OutputException.failed(progress, e);
        }
        return pictures;
    }
}
