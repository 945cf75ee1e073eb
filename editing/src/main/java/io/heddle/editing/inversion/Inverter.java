package io.heddle.editing.inversion;

import io.heddle.editing.Fingerprint;
import io.heddle.editing.NoisePredictor;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Precision;
import io.heddle.tensor.Tensor;

/**
 * Inverts pictures with one network on one schedule.
 *
 * @param model what stands for the weights in recipes: results are reused only under the same
 * @param predictor the network
 * @param schedule of the edits that will follow
 * @param guidance of the edits that will follow, 1 (none) or more
 * @param checkpointed whether gradients are computed with less memory and one more evaluation of each block; the bits stay
 */
public record Inverter(String model, NoisePredictor predictor, DdimSchedule schedule, double guidance, boolean checkpointed) {
    /** Refuses guidance that no edit samples with. */
    public Inverter {
        if (!(guidance >= InversionRun.UNGUIDED && Double.isFinite(guidance))) {
            throw new IllegalArgumentException(
                    "a picture is inverted for edits under guidance of 1, which is none, or more, but got " + guidance + ": choose 1 or more");
        }
    }

    /** An inverter that keeps what gradients need in memory. */
    public Inverter(String model, NoisePredictor predictor, DdimSchedule schedule, double guidance) {
        this(model, predictor, schedule, guidance, false);
    }

    /** An inverter with a model's network and noise schedule. */
    public static Inverter of(StableDiffusion model, int steps, double guidance, boolean checkpointed) {
        DdimConfig config = (DdimConfig) model.scheduler(SchedulerKind.DDIM);
        return new Inverter(Fingerprint.of(model), model.unet()::predict, config.steps(steps), guidance, checkpointed);
    }

    /**
     * An inversion that is about to start, or to be resumed.
     *
     * @param clean the picture's scaled latent {@code [1, height, width, 4]}
     * @throws IllegalArgumentException if the method makes no sense with the settings, or needs gradients that the device has not
     */
    public InversionRun prepare(Tensor clean, SourceText text, InversionMethod method) {
        method.requireSteps(schedule.calls());
        if (method.tunes() && guidance == InversionRun.UNGUIDED) {
            throw new IllegalArgumentException(method.key() + " inversion tunes an embedding against guidance and needs a scale above 1, but it is "
                    + guidance + ": choose ddim inversion");
        }
        if (method.tunes() && clean.device().backend().precision() != Precision.FLOAT32) {
            throw new IllegalArgumentException(method.key() + " inversion tunes an embedding and needs float32, but " + clean.device()
                    + " holds halves: open the device without fp16, or choose ddim, negative-prompt or direct inversion");
        }
        return new InversionRun(this, clean, text, method);
    }

    /**
     * Inverts a picture.
     *
     * @param clean the picture's scaled latent {@code [1, height, width, 4]}
     * @throws IllegalArgumentException as {@link #prepare} does
     */
    public Inversion invert(Tensor clean, SourceText text, InversionMethod method) {
        return prepare(clean, text, method).finish(_ -> {});
    }
}
