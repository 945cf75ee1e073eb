package io.heddle.schedulers;

import io.heddle.schedulers.Ddim.Coefficients;
import io.heddle.tensor.Tensor;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The hops of a DDIM run, from noise to picture or back.
 *
 * @param transitions the hops in the order of the run
 * @param prediction what the network says
 * @param clip the largest magnitude of an estimated clean latent, or null: latents of Stable Diffusion are not clipped
 */
public record DdimSchedule(List<Transition> transitions, Prediction prediction, @Nullable Float clip) implements Schedule {
    /** Copies the hops. */
    public DdimSchedule {
        transitions = List.copyOf(transitions);
    }

    /** The same hops the other way, for inversion: each starts where its reverse ends and is evaluated at the same timestep. */
    public DdimSchedule reversed() {
        return new DdimSchedule(transitions.reversed().stream().map(Transition::reversed).toList(), prediction, clip);
    }

    @Override
    public int calls() {
        return transitions.size();
    }

    @Override
    public double timestep(int call) {
        return transitions.get(call).timestep();
    }

    @Override
    public Solver start() {
        return (output, call, sample) -> step(output, sample, Coefficients.of(transitions.get(call), 0));
    }

    /**
     * Starts a stochastic run.
     *
     * @param eta between 0 (as {@link #start()}) and 1 (as much new noise as in training)
     * @param noise standard normal noise of the latent's shape for each call
     */
    public Solver start(float eta, IntFunction<Tensor> noise) {
        return (output, call, sample) -> {
            Coefficients c = Coefficients.of(transitions.get(call), eta);
            Tensor moved = step(output, sample, c);
            return eta > 0 ? moved.plus(noise.apply(call).times(c.fresh())) : moved;
        };
    }

    /**
     * How much the latent after a call changes with the network's output there: a step is affine in it, so one number holds for all elements.
     *
     * @throws IllegalStateException if clean latents are clipped, which is not affine
     */
    public double outputSlope(int call) {
        if (clip != null) {
            throw new IllegalStateException("a DDIM schedule that clips clean latents has no constant slope; use one for Stable Diffusion");
        }
        Coefficients c = Coefficients.of(transitions.get(call), 0);
        return c.signalTo() * prediction.cleanSlope(c.signal(), c.noise()) + c.noiseTo() * prediction.noiseSlope(c.signal(), c.noise());
    }

    private Tensor step(Tensor output, Tensor x, Coefficients c) {
        Tensor clean = prediction.clean(output, x, c.signal(), c.noise());
        Tensor epsilon = prediction.noise(output, x, c.signal(), c.noise());
        return Ddim.combine(clip == null ? clean : clean.clamp(-clip, clip), epsilon, c);
    }
}
