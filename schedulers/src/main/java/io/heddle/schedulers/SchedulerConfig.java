package io.heddle.schedulers;

import io.heddle.weights.ConfigReader;

/** A sampler and its constants, before the number of steps is known. */
public sealed interface SchedulerConfig permits DdimConfig, PndmConfig, EulerConfig, DpmSolverConfig {
    /** How much noise the training steps add. */
    NoiseSchedule noise();

    /** What the network says. */
    Prediction prediction();

    /**
     * The schedule of a run.
     *
     * @throws IllegalArgumentException if there are not so many training steps
     */
    Schedule steps(int steps);

    /** With what Stable Diffusion's pipeline insists on whatever the file says: steps offset by one, and no clipping. */
    SchedulerConfig forStableDiffusion();

    /** The sampler that a {@code scheduler_config.json} names. */
    static SchedulerConfig read(ConfigReader file) {
        return SchedulerKind.named(file).read(file);
    }
}
