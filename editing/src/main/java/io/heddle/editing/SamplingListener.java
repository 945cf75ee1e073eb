package io.heddle.editing;

import io.heddle.attention.Step;
import io.heddle.tensor.Tensor;

/** Hears of each step of a run, for progress and trajectories. */
@FunctionalInterface
public interface SamplingListener {
    /** Hears nothing. */
    SamplingListener NONE = (_, _) -> {};

    /**
     * Called after each step.
     *
     * @param step the step that was made
     * @param latents {@code [prompts, height, width, 4]}; they end when the next step is made
     */
    void stepped(Step step, Tensor latents);

    /** This listener, then another. */
    default SamplingListener then(SamplingListener next) {
        return (step, latents) -> {
            stepped(step, latents);
            next.stepped(step, latents);
        };
    }
}
