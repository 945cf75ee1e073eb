package io.heddle.schedulers;

import io.heddle.schedulers.TimestepSpacing.Run;
import io.heddle.weights.ConfigReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * DDIM and its constants.
 *
 * @param noise the noise schedule
 * @param prediction what the network says
 * @param spacing which training steps are visited
 * @param offset added to steps spaced from the first
 * @param endsAtAlphaOne whether the last hop goes to no noise at all, or to the noise of the first training step
 * @param clip the largest magnitude of an estimated clean latent, or null
 */
public record DdimConfig(
        NoiseSchedule noise, Prediction prediction, TimestepSpacing spacing, int offset, boolean endsAtAlphaOne, @Nullable Float clip)
        implements SchedulerConfig {
    /** Refuses to estimate noise from none. */
    public DdimConfig {
        if (prediction == Prediction.EPSILON && noise.alphaBar(noise.steps() - 1) == 0) {
            throw new IllegalArgumentException("a schedule without any signal at its last step needs a network that predicts velocity, not noise");
        }
    }

    /** DDIM as it is used with Stable Diffusion 1 and 2. */
    public static DdimConfig stableDiffusion() {
        return new DdimConfig(NoiseSchedule.stableDiffusion(), Prediction.EPSILON, TimestepSpacing.LEADING, 1, false, null);
    }

    static DdimConfig read(ConfigReader file) {
        file.requireSupported("thresholding", false);
        return new DdimConfig(
                CommonConfig.noiseWithTerminalSnr(file),
                CommonConfig.prediction(file),
                CommonConfig.spacing(file, TimestepSpacing.LEADING),
                CommonConfig.offset(file),
                file.flag("set_alpha_to_one", true),
                file.flag("clip_sample", true) ? (float) file.positiveNumber("clip_sample_range", 1) : null);
    }

    @Override
    public DdimConfig forStableDiffusion() {
        return new DdimConfig(noise, prediction, spacing, 1, endsAtAlphaOne, null);
    }

    @Override
    public DdimSchedule steps(int steps) {
        Run run = new Run(steps, noise.steps(), offset);
        return new DdimSchedule(
                Arrays.stream(spacing.timesteps(run)).mapToObj(t -> Transition.of(noise, t, t - run.stride(), endsAtAlphaOne)).toList(),
                prediction,
                clip);
    }
}
