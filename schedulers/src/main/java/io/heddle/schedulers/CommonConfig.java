package io.heddle.schedulers;

import io.heddle.schedulers.NoiseSchedule.BetaSchedule;
import io.heddle.weights.ConfigReader;

/** The keys that all samplers read alike. */
final class CommonConfig {
    private static final int LARGEST_TRAINING = 100_000;

    private CommonConfig() {}

    static NoiseSchedule noise(ConfigReader file) {
        file.requireSupported("trained_betas");
        int steps = file.integer("num_train_timesteps", 1000, 2, LARGEST_TRAINING);
        BetaSchedule kind = file.choice("beta_schedule", BetaSchedule.LINEAR, BetaSchedule::key);
        return NoiseSchedule.of(kind, beta(file, "beta_start", 1e-4), beta(file, "beta_end", 0.02), steps);
    }

    static NoiseSchedule noiseWithTerminalSnr(ConfigReader file) {
        NoiseSchedule noise = noise(file);
        return file.flag("rescale_betas_zero_snr", false) ? noise.withZeroTerminalSnr() : noise;
    }

    static Prediction prediction(ConfigReader file) {
        return file.choice("prediction_type", Prediction.EPSILON, Prediction::key);
    }

    static TimestepSpacing spacing(ConfigReader file, TimestepSpacing defaultValue) {
        return file.choice("timestep_spacing", defaultValue, TimestepSpacing::key);
    }

    static int offset(ConfigReader file) {
        return file.integer("steps_offset", 0, 0, LARGEST_TRAINING);
    }

    private static double beta(ConfigReader file, String key, double defaultValue) {
        double beta = file.positiveNumber(key, defaultValue);
        if (beta >= 1) {
            throw file.invalid(key, "less than 1");
        }
        return beta;
    }
}
