package io.heddle.editing.imagic;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Fingerprint;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.schedulers.Prediction;
import io.heddle.schedulers.SchedulerConfig;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import io.heddle.unet.UNet;
import io.heddle.weights.WeightSource;

/**
 * Imagic on one network. Kawar et al. 2023, section 3.2: (A) the encoding of the target prompt is optimised until the network denoises the picture with it,
 * (B) the network is tuned until the picture is denoised well, (C) the network samples with an encoding between both.
 *
 * <p>Stages A and B ask for {@code steps·batch} evaluations and gradients of the network each; the loss has no guidance in it.
 *
 * @param model what stands for the weights in recipes: results are reused only under the same
 * @param unet the network; tuned in place
 * @param levels the noise schedule that it was trained on
 * @param prediction what it predicts
 * @param settings the method's constants
 * @param checkpointed whether gradients are computed with less memory and one more evaluation of each block; the bits stay
 */
public record Imagic(String model, UNet unet, NoiseSchedule levels, Prediction prediction, ImagicSettings settings, boolean checkpointed) {
    /** Imagic on a model's network and noise schedule, whatever the checkpoint's own sampler is. */
    public static Imagic of(StableDiffusion model, ImagicSettings settings, boolean checkpointed) {
        SchedulerConfig scheduler = model.scheduler(SchedulerKind.DDIM);
        return new Imagic(Fingerprint.of(model.unet()), model.unet(), scheduler.noise(), scheduler.prediction(), settings, checkpointed);
    }

    /**
     * A run that is about to start, or to be resumed.
     *
     * @param clean the picture's scaled latent {@code [1, height, width, 4]}
     * @param prompt what the edited picture shows
     * @param target its encoding {@code [1, tokens, dim]}
     * @param base has the network's weights as they are, for example an opened checkpoint's {@code take}
     */
    public ImagicRun prepare(Tensor clean, String prompt, TextEmbedding target, WeightSource base) {
        return prepare(clean, prompt, target, base, TrainingDraws.stratified(settings.seed(), levels.steps(), clean));
    }

    /** A run on random numbers of the caller's choice. */
    ImagicRun prepare(Tensor clean, String prompt, TextEmbedding target, WeightSource base, TrainingDraws draws) {
        return new ImagicRun(this, clean, prompt, target, new TunedNetwork(settings.trained(unet), base), draws);
    }

    /** What a run on latents of this size will take. */
    public MemoryEstimate memory(Extent latent) {
        return MemoryEstimate.of(unet, latent, settings, checkpointed);
    }
}
