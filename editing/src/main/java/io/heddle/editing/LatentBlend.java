package io.heddle.editing;

import io.heddle.attention.Step;
import io.heddle.tensor.Tensor;

/** What happens to the latents after each step: the fourth seam. */
@FunctionalInterface
public interface LatentBlend {
    /** Leaves the latents as they are. */
    LatentBlend NONE = (_, latents) -> latents;

    /**
     * The latents to go on with.
     *
     * @param step the step that was made
     * @param latents {@code [prompts, height, width, 4]}
     * @return of the same shape: new ones, {@code latents}, or a tensor that stays its owner's
     */
    Tensor blend(Step step, Tensor latents);

    /** This blend, then another. */
    default LatentBlend then(LatentBlend next) {
        return (step, latents) -> next.blend(step, blend(step, latents));
    }
}
