package io.heddle.schedulers;

/**
 * One hop between two noise levels.
 *
 * @param timestep what the network is told, in either direction
 * @param alphaBarFrom ᾱ where the latent is
 * @param alphaBarTo ᾱ where it goes
 */
public record Transition(int timestep, float alphaBarFrom, float alphaBarTo) {
    /**
     * A hop between training steps.
     *
     * @param to where it ends; below 0 it ends beyond the first training step
     * @param endsAtAlphaOne whether there is no noise beyond the first training step, or that of the first
     */
    static Transition of(NoiseSchedule noise, int from, int to, boolean endsAtAlphaOne) {
        float beyond = endsAtAlphaOne ? 1 : noise.alphaBar(0);
        return new Transition(from, noise.alphaBar(from), to < 0 ? beyond : noise.alphaBar(to));
    }

    /** The hop back. */
    public Transition reversed() {
        return new Transition(timestep, alphaBarTo, alphaBarFrom);
    }
}
