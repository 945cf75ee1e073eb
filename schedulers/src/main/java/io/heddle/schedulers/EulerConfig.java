package io.heddle.schedulers;

import io.heddle.schedulers.TimestepSpacing.Run;
import io.heddle.weights.ConfigReader;
import java.util.Arrays;
import java.util.List;

/**
 * Euler's method and its constants.
 *
 * @param noise the noise schedule
 * @param prediction what the network says
 * @param spacing which training steps are visited
 * @param offset added to steps spaced from the first
 * @param karras whether the noise levels between the first and the last are spaced as Karras et al. 2022 propose
 * @param lastSigma which noise level follows the last step
 */
public record EulerConfig(
        NoiseSchedule noise, Prediction prediction, TimestepSpacing spacing, int offset, boolean karras, LastSigma lastSigma)
        implements SchedulerConfig {
    static EulerConfig read(ConfigReader file) {
        file.requireSupported("interpolation_type", "linear");
        file.requireSupported("timestep_type", "discrete");
        file.requireSupported("use_exponential_sigmas", false);
        file.requireSupported("use_beta_sigmas", false);
        file.requireSupported("sigma_min");
        file.requireSupported("sigma_max");
        return new EulerConfig(
                CommonConfig.noiseWithTerminalSnr(file),
                CommonConfig.prediction(file),
                CommonConfig.spacing(file, TimestepSpacing.LINSPACE),
                CommonConfig.offset(file),
                file.flag("use_karras_sigmas", false),
                file.choice("final_sigmas_type", LastSigma.ZERO, LastSigma::key));
    }

    @Override
    public EulerConfig forStableDiffusion() {
        return new EulerConfig(noise, prediction, spacing, 1, karras, lastSigma);
    }

    @Override
    public EulerSchedule steps(int steps) {
        NoiseLevels levels = new NoiseLevels(noise);
        double[] timesteps = spacing.fractionalTimesteps(new Run(steps, noise.steps(), offset));
        double[] sigmas = Arrays.stream(timesteps).map(levels::at).toArray();
        if (karras) {
            sigmas = NoiseLevels.karras(sigmas[0], sigmas[steps - 1], steps);
            timesteps = Arrays.stream(sigmas).map(sigma -> (float) levels.timestepOf(sigma)).toArray();
        }
        List<Float> all = lastSigma.after(sigmas, levels);
        float first = all.getFirst();
        float initialScale = spacing == TimestepSpacing.LEADING ? NoiseSchedule.sqrt(first * first + 1) : first;
        return new EulerSchedule(Arrays.stream(timesteps).boxed().toList(), all, initialScale, prediction);
    }
}
