package io.heddle.nn;

/**
 * A learning rate that rises linearly over the first steps and falls linearly to zero at the end.
 *
 * @param peak the largest rate
 * @param warmUp steps of the rise
 * @param steps of the whole training
 */
public record LearningRate(double peak, int warmUp, int steps) {
    /**
     * The rate of a step: {@code peak·min(1, (step + 1)/warmUp)·(1 − step/steps)}.
     *
     * @param step from 0
     */
    public double at(int step) {
        double rise = warmUp == 0 ? 1 : Math.min(1, (step + 1) / (double) warmUp);
        return peak * rise * (1 - Math.min(1, step / (double) steps));
    }
}
