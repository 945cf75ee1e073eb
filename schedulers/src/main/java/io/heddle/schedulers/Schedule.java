package io.heddle.schedulers;

import io.heddle.tensor.Tensor;

/**
 * The steps of a run: what the network is told at each call, and what a latent needs before and after. Immutable; any number of latents may follow it at
 * a time, each with a {@link Solver} of its own.
 *
 * <pre>{@code
 * Tensor x = noise.times(schedule.initialScale());
 * try (Solver solver = schedule.start()) {
 *     for (int call = 0; call < schedule.calls(); call++) {
 *         Tensor output = network(schedule.scaleInput(x, call), schedule.timestep(call));
 *         x = solver.step(output, call, x);
 *     }
 * }
 * }</pre>
 */
public interface Schedule {
    /** How often the network is called; PNDM calls it once more than it has steps. */
    int calls();

    /** The noise level that the network is told at a call; it may have a fraction. */
    double timestep(int call);

    /** What unit-variance noise is multiplied with to become the first latent. */
    default float initialScale() {
        return 1;
    }

    /** What the network sees of a latent at a call. */
    default Tensor scaleInput(Tensor sample, @SuppressWarnings("unused") int call) {
        return sample;
    }

    /** Starts a run of one latent, or of a batch of them. */
    Solver start();
}
