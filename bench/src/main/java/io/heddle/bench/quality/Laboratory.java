package io.heddle.bench.quality;

import io.heddle.editing.NoisePredictor;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;

/** A model on its schedule, with the rows counted that its network evaluates. */
final class Laboratory {
    private final StableDiffusion model;
    private final DdimSchedule schedule;
    private final int steps;
    private long evaluations;

    /**
     * A laboratory.
     *
     * @param steps of DDIM, for sampling and inversion
     */
    Laboratory(StableDiffusion model, int steps) {
        this.model = model;
        this.steps = steps;
        schedule = ((DdimConfig) model.scheduler(SchedulerKind.DDIM)).steps(steps);
    }

    StableDiffusion model() {
        return model;
    }

    DdimSchedule schedule() {
        return schedule;
    }

    int steps() {
        return steps;
    }

    Extent latent() {
        return model.latentSize(model.defaultSize());
    }

    /** The network. */
    NoisePredictor predictor() {
        return (latents, pass) -> {
            Tensor predicted = model.unet().predict(latents, pass);
            evaluations += predicted.dim(0);
            return predicted;
        };
    }

    /** The rows evaluated so far. */
    long evaluations() {
        return evaluations;
    }
}
