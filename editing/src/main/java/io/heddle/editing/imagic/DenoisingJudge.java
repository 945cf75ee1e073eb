package io.heddle.editing.imagic;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.StableDiffusion;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.schedulers.SchedulerConfig;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;

/**
 * A judge that needs no other network: similarity is SSIM, and the edit is scored by how much the text helps the model to denoise the picture,
 * {@code 1 − Σ |n − f(x_t, t, text)|² / Σ |n − f(x_t, t, ∅)|²} over the same noise levels and noise for all pictures. Li et al. 2023, "Your Diffusion Model
 * is Secretly a Zero-Shot Classifier". The network must have its own weights, not those that are tuned to a picture.
 *
 * @param model the model
 */
public record DenoisingJudge(StableDiffusion model) implements EditJudge {
    private static final int LEVELS = 8;
    private static final long SEED = 0;

    @Override
    public EditScore judge(Picture original, Picture edited, String target) {
        SchedulerConfig scheduler = model.scheduler(SchedulerKind.DDIM);
        DenoisingLoss loss = new DenoisingLoss(model.unet(), scheduler.noise(), scheduler.prediction());
        double with = 0;
        double without = 0;
        try (Scope _ = model.device().scope();
                TextEmbedding text = model.encode(target);
                TextEmbedding empty = model.encode("")) {
            Tensor latent = model.encode(edited);
            TrainingDraws draws = TrainingDraws.stratified(SEED, loss.levels().steps(), latent);
            for (int level = 0; level < LEVELS; level++) {
                try (Scope _ = model.device().scope()) {
                    TrainingDraw draw = draws.draw(Stage.MEASUREMENT, level, 2);
                    with += loss.evaluate(latent, text, draw, pass -> pass).value();
                    without += loss.evaluate(latent, empty, draw, pass -> pass).value();
                }
            }
        }
        return new EditScore(Fidelity.between(original, edited).ssim(), 1 - with / without);
    }
}
