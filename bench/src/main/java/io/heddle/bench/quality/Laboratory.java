package io.heddle.bench.quality;

import io.heddle.bench.SideBySide;
import io.heddle.editing.NoisePredictor;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.weights.ModelLocation;
import java.nio.file.Path;
import java.util.Optional;

/** A model on its schedule, on one thread of its own, with the rows counted that its network evaluates. */
final class Laboratory implements SideBySide.Tools {
    private final Device device;
    private final StableDiffusion model;
    private final DdimSchedule schedule;
    private final int steps;
    private long evaluations;

    private Laboratory(Device device, StableDiffusion model, int steps) {
        this.device = device;
        this.model = model;
        this.steps = steps;
        schedule = ((DdimConfig) model.scheduler(SchedulerKind.DDIM)).steps(steps);
    }

    /**
     * Loads a model.
     *
     * @param steps of DDIM, for sampling and inversion
     */
    static Laboratory open(Path model, int steps) {
        Device device = Device.open("cpu", 1);
        return new Laboratory(device, StableDiffusion.load(ModelLocation.resolve(model.toString(), Optional.empty()), device), steps);
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

    @Override
    public void close() {
        model.close();
        device.close();
    }
}
