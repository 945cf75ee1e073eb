package io.heddle.attention;

/**
 * Which evaluation of a run this is.
 *
 * @param index 0 for the first call of the network
 * @param count calls in the run
 * @param timestep the noise level as the network is told, 0 to 999; fractions are legal
 * @param purpose what the evaluation is for
 */
public record Step(int index, int count, double timestep, Purpose purpose) {
    /** What evaluations are for; taps select by it. */
    public enum Purpose {
        /** Generating a picture. */
        SAMPLE,
        /** Turning a picture into noise. */
        INVERT,
        /** Features or gradients that guide the sampling. */
        GUIDE,
        /** An optimisation or training. */
        OPTIMISE
    }

    /** A single evaluation outside of any run. */
    public static Step at(double timestep) {
        return new Step(0, 1, timestep, Purpose.SAMPLE);
    }

    /** The share of the run before this evaluation, 0 to 1. */
    public double progress() {
        return index / (double) count;
    }
}
