package io.heddle.bench.imagic;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.image.Picture;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.List;

/**
 * The baseline: the picture is noised and denoised with the target prompt. Meng et al. 2022, "SDEdit". At strength 1 nothing of the picture is left, which
 * is sampling the prompt.
 *
 * @param model the model
 * @param steps of the whole schedule
 * @param guidance scale of guidance
 * @param seed of the noise
 */
record SdEdit(StableDiffusion model, int steps, double guidance, long seed) {
    /** The picture edited with a strength of 0 … 1, the share of the schedule that is run. */
    Picture edit(Picture picture, String prompt, double strength) {
        DdimConfig config = (DdimConfig) model.scheduler(SchedulerKind.DDIM);
        DdimSchedule schedule = config.steps(steps);
        int firstCall = (int) Math.round((1 - strength) * steps);
        try (Scope _ = model.device().scope();
                TextEmbedding text = model.encode(prompt);
                TextEmbedding empty = model.encode("")) {
            Tensor clean = model.encode(picture);
            Tensor noise = model.noise(seed, new Extent(clean.dim(1), clean.dim(2)));
            Tensor start = firstCall == 0 ? noise : config.noise().addNoise(clean, noise, (int) schedule.timestep(firstCall));
            EditRecipe recipe = EditRecipe.plain(Conditioning.of(List.of(text), empty), Guidance.classifierFree(guidance));
            Tensor latents = new Sampler(model.unet()::predict, schedule).resume(start, firstCall, recipe, SamplingListener.NONE);
            return model.pictures(latents).getFirst();
        }
    }
}
