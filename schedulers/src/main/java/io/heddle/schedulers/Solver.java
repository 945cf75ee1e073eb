package io.heddle.schedulers;

import io.heddle.tensor.Tensor;

/** The way of one latent, or of a batch of them, through a {@link Schedule}, with what the sampler remembers of the calls before. */
@FunctionalInterface
public interface Solver extends AutoCloseable {
    /**
     * Moves a latent to the next step.
     *
     * @param output what the network said at this call
     * @param call which call that was
     * @param sample the latent before the call, not scaled for the network
     * @return the latent after the step, of the shape of {@code sample}
     * @throws IllegalStateException if the sampler remembers calls before and this is not the next one, or the first of all
     */
    Tensor step(Tensor output, int call, Tensor sample);

    /** Gives back what is remembered. */
    @Override
    default void close() {}
}
