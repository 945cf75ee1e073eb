package io.heddle.schedulers;

import io.heddle.schedulers.TimestepSpacing.Run;
import io.heddle.weights.ConfigReader;
import java.util.Arrays;

/**
 * DPM-Solver++(2M) and its constants.
 *
 * @param noise the noise schedule
 * @param prediction what the network says
 * @param spacing which training steps are visited
 * @param offset added to steps spaced from the first
 * @param karras whether all noise levels are spaced as Karras et al. 2022 propose
 * @param lastSigma which noise level follows the last step
 * @param ending when the last step is of first order
 */
public record DpmSolverConfig(
        NoiseSchedule noise, Prediction prediction, TimestepSpacing spacing, int offset, boolean karras, LastSigma lastSigma, Ending ending)
        implements SchedulerConfig {
    /** Runs shorter than this end with a step of first order. */
    private static final int SHORT_RUN = 15;

    /** When the last step is of first order although the step before is known. A run that ends without noise always does so. */
    public enum Ending {
        /** Always. */
        FIRST_ORDER,
        /** In runs of fewer than 15 steps. */
        FIRST_ORDER_IF_SHORT,
        /** Never. */
        SECOND_ORDER
    }

    static DpmSolverConfig read(ConfigReader file) {
        // What DEIS and UniPC say here stands for this solver's own, as in the reference library.
        file.requireSupported("algorithm_type", "dpmsolver++", "deis");
        file.requireSupported("solver_order", 2);
        file.requireSupported("solver_type", "midpoint", "logrho", "bh1", "bh2");
        file.requireSupported("thresholding", false);
        file.requireSupported("use_exponential_sigmas", false);
        file.requireSupported("use_beta_sigmas", false);
        file.requireSupported("use_lu_lambdas", false);
        file.requireSupported("use_flow_sigmas", false);
        file.requireSupported("lambda_min_clipped", "-Infinity", "-inf");
        file.requireSupported("variance_type");
        return new DpmSolverConfig(
                CommonConfig.noiseWithTerminalSnr(file),
                CommonConfig.prediction(file),
                CommonConfig.spacing(file, TimestepSpacing.LINSPACE),
                CommonConfig.offset(file),
                file.flag("use_karras_sigmas", false),
                file.choice("final_sigmas_type", LastSigma.ZERO, LastSigma::key),
                ending(file));
    }

    private static Ending ending(ConfigReader file) {
        if (file.flag("euler_at_final", false)) {
            return Ending.FIRST_ORDER;
        }
        return file.flag("lower_order_final", true) ? Ending.FIRST_ORDER_IF_SHORT : Ending.SECOND_ORDER;
    }

    @Override
    public DpmSolverConfig forStableDiffusion() {
        return new DpmSolverConfig(noise, prediction, spacing, 1, karras, lastSigma, ending);
    }

    @Override
    public DpmSolverSchedule steps(int steps) {
        NoiseLevels levels = new NoiseLevels(noise);
        int[] timesteps = spacing.timestepsBeforeLast(new Run(steps, noise.steps(), offset));
        double[] sigmas = Arrays.stream(timesteps).mapToDouble(levels::at).toArray();
        if (karras) {
            sigmas = NoiseLevels.karras(levels.largest(), levels.smallest(), steps);
            timesteps = Arrays.stream(sigmas).mapToInt(sigma -> (int) Math.rint(levels.timestepOf(sigma))).toArray();
        }
        boolean lastOfFirstOrder = lastSigma == LastSigma.ZERO || switch (ending) {
            case FIRST_ORDER -> true;
            case FIRST_ORDER_IF_SHORT -> steps < SHORT_RUN;
            case SECOND_ORDER -> false;
        };
        return new DpmSolverSchedule(Arrays.stream(timesteps).boxed().toList(), lastSigma.after(sigmas, levels), lastOfFirstOrder, prediction);
    }
}
