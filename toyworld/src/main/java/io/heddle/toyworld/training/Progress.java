package io.heddle.toyworld.training;

import java.util.Map;

/**
 * How far a network's training is.
 *
 * @param network what is trained
 * @param step steps done
 * @param steps of the whole training
 * @param samples seen
 * @param loss mean since the last report
 * @param learningRate of the last step
 * @param gradientNorm of the last step, before it was clipped
 * @param samplesPerSecond since the last report
 * @param gigaflops billions of operations of the networks in a second, forward and backward, since the last report
 * @param measured what validation measured, by name; empty where it did not run
 */
public record Progress(String network, int step, int steps, long samples, double loss, double learningRate, double gradientNorm,
        double samplesPerSecond, double gigaflops, Map<String, Double> measured) {
    /** Seconds until the end at this speed. */
    public double secondsLeft() {
        return (steps - step) * (samples / (double) step) / samplesPerSecond;
    }
}
