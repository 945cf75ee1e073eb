package io.heddle.schedulers;

import io.heddle.schedulers.TimestepSpacing.Run;
import io.heddle.weights.ConfigReader;
import java.util.ArrayList;
import java.util.List;

/**
 * PNDM without Runge-Kutta warm-up, and its constants.
 *
 * @param noise the noise schedule
 * @param prediction what the network says, noise or velocity
 * @param spacing which training steps are visited
 * @param offset added to steps spaced from the first
 * @param endsAtAlphaOne whether the last hop goes to no noise at all, or to the noise of the first training step
 */
public record PndmConfig(NoiseSchedule noise, Prediction prediction, TimestepSpacing spacing, int offset, boolean endsAtAlphaOne)
        implements SchedulerConfig {
    /** PNDM as it is used with Stable Diffusion 1 and 2. */
    public static PndmConfig stableDiffusion() {
        return new PndmConfig(NoiseSchedule.stableDiffusion(), Prediction.EPSILON, TimestepSpacing.LEADING, 1, false);
    }

    static PndmConfig read(ConfigReader file) {
        file.requireSupported("skip_prk_steps", true);
        file.requireSupported("prediction_type", Prediction.EPSILON.key(), Prediction.VELOCITY.key());
        return new PndmConfig(
                CommonConfig.noise(file),
                CommonConfig.prediction(file),
                CommonConfig.spacing(file, TimestepSpacing.LEADING),
                CommonConfig.offset(file),
                file.flag("set_alpha_to_one", false));
    }

    @Override
    public PndmConfig forStableDiffusion() {
        return new PndmConfig(noise, prediction, spacing, 1, endsAtAlphaOne);
    }

    @Override
    public PndmSchedule steps(int steps) {
        Run run = new Run(steps, noise.steps(), offset);
        List<Integer> evaluations = new ArrayList<>();
        List<Transition> hops = new ArrayList<>();
        for (int t : spacing.timesteps(run)) {
            evaluations.add(t);
            hops.add(Transition.of(noise, t, t - run.stride(), endsAtAlphaOne));
            if (evaluations.size() == 2) {
                evaluations.add(t);
                hops.add(1, Transition.of(noise, t + run.stride(), t, endsAtAlphaOne));
            }
        }
        return new PndmSchedule(evaluations, hops, prediction);
    }
}
