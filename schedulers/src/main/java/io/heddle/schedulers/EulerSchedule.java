package io.heddle.schedulers;

import static io.heddle.schedulers.NoiseSchedule.sqrt;

import io.heddle.tensor.Tensor;
import java.util.List;

/**
 * The steps of Euler's method along the noise-to-signal ratio σ, on latents {@code x_0 + σ·ε}. Karras et al. 2022, "Elucidating the Design Space of
 * Diffusion-Based Generative Models", algorithm 2 without churn.
 *
 * @param timesteps what the network is told at each call
 * @param sigmas σ before each call, and after the last
 * @param initialScale what unit-variance noise is multiplied with
 * @param prediction what the network says
 */
public record EulerSchedule(List<Double> timesteps, List<Float> sigmas, float initialScale, Prediction prediction) implements Schedule {
    /** Copies the lists. */
    public EulerSchedule {
        timesteps = List.copyOf(timesteps);
        sigmas = List.copyOf(sigmas);
    }

    /**
     * The numbers of one step.
     *
     * @param sigma σ
     * @param variance σ² + 1
     * @param scale √(σ² + 1)
     * @param step σ' − σ
     */
    public record Coefficients(float sigma, float variance, float scale, float step) {}

    /** The numbers of the step at a call. */
    public Coefficients coefficients(int call) {
        float sigma = sigmas.get(call);
        float variance = sigma * sigma + 1;
        return new Coefficients(sigma, variance, sqrt(variance), sigmas.get(call + 1) - sigma);
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
    public Tensor scaleInput(Tensor sample, int call) {
        return sample.dividedBy(coefficients(call).scale());
    }

    @Override
    public Solver start() {
        return (output, call, sample) -> step(output, sample, coefficients(call));
    }

    private Tensor step(Tensor output, Tensor x, Coefficients c) {
        Tensor clean = switch (prediction) {
            case EPSILON -> x.minus(output.times(c.sigma()));
            case VELOCITY -> output.times(-c.sigma() / c.scale()).plus(x.dividedBy(c.variance()));
            case SAMPLE -> output;
        };
        Tensor derivative = x.minus(clean).dividedBy(c.sigma());
        return x.plus(derivative.times(c.step()));
    }
}
