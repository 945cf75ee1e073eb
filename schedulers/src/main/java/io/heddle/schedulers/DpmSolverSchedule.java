package io.heddle.schedulers;

import static io.heddle.schedulers.NoiseSchedule.sqrt;

import java.util.List;

/**
 * The steps of DPM-Solver++(2M), the midpoint form. Lu et al. 2022, "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models",
 * algorithm 2.
 *
 * @param timesteps what the network is told at each call
 * @param sigmas the noise-to-signal ratio before each call, and after the last
 * @param lastOfFirstOrder whether the last step forgets the one before, which is steadier in short runs
 * @param prediction what the network says
 */
public record DpmSolverSchedule(List<Integer> timesteps, List<Float> sigmas, boolean lastOfFirstOrder, Prediction prediction) implements Schedule {
    /** Copies the lists. */
    public DpmSolverSchedule {
        timesteps = List.copyOf(timesteps);
        sigmas = List.copyOf(sigmas);
    }

    /**
     * The numbers of one step: {@code x' = ratio·x − gain·x_0 − gain/2·slope·(x_0 − previous x_0)}.
     *
     * @param signal α = 1/√(σ² + 1)
     * @param noise σ·α
     * @param ratio σ'α'/(σα)
     * @param gain α'·(e^−h − 1), where h is the step in λ = ln α − ln σα
     * @param slope h over the step before, for the second order
     */
    public record Coefficients(float signal, float noise, float ratio, float gain, float slope) {}

    /** The numbers of the step at a call; the slope at call 0 is 0. */
    public Coefficients coefficients(int call) {
        float signal = signal(sigmas.get(call));
        float noise = sigmas.get(call) * signal;
        float signalTo = signal(sigmas.get(call + 1));
        float noiseTo = sigmas.get(call + 1) * signalTo;
        float step = lambda(call + 1) - lambda(call);
        float gain = signalTo * ((float) Math.exp(-step) - 1);
        float slope = call == 0 ? 0 : 1 / ((lambda(call) - lambda(call - 1)) / step);
        return new Coefficients(signal, noise, noiseTo / noise, gain, slope);
    }

    @Override
    public int calls() {
        return timesteps.size();
    }

    @Override
    public double timestep(int call) {
        return timesteps.get(call);
    }

    @Override
    public Solver start() {
        return new DpmSolver(this);
    }

    private static float signal(float sigma) {
        return 1 / sqrt(sigma * sigma + 1);
    }

    /** Half the logarithm of the signal-to-noise ratio; infinite without noise. */
    private float lambda(int index) {
        float sigma = sigmas.get(index);
        float signal = signal(sigma);
        return (float) Math.log(signal) - (float) Math.log(sigma * signal);
    }
}
