package io.heddle.spi;

/** Optimiser steps on buffers. */
public interface Optimisation {
    /**
     * One step of Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay (Loshchilov and Hutter 2019) where it is not zero.
     *
     * @param parameter updated
     * @param gradient read
     * @param firstMoment updated
     * @param secondMoment updated
     * @param step the hyper-parameters and the step's number
     */
    void adamInPlace(Buffer parameter, Buffer gradient, Buffer firstMoment, Buffer secondMoment, AdamStep step);

    /**
     * The constants of one Adam step.
     *
     * @param number 1 for the first step
     * @param learningRate step size
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root of the second moment
     * @param weightDecay decoupled decay
     */
    record AdamStep(int number, double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
        /** What the step multiplies with: computed in double, then rounded, as PyTorch does. */
        public AdamFactors factors() {
            return new AdamFactors(
                    (float) (1 - learningRate * weightDecay),
                    (float) (1 - beta1),
                    (float) beta2,
                    (float) (1 - beta2),
                    (float) Math.sqrt(1 - Math.pow(beta2, number)),
                    (float) epsilon,
                    (float) -(learningRate / (1 - Math.pow(beta1, number))));
        }
    }

    /**
     * What one Adam step multiplies with.
     *
     * @param decay factor of the parameter: {@code 1 − rate·weightDecay}
     * @param firstWeight {@code 1 − β₁}
     * @param secondDecay {@code β₂}
     * @param secondWeight {@code 1 − β₂}
     * @param rootOfCorrection {@code √(1 − β₂ᵗ)}
     * @param epsilon added to the corrected root of the second moment
     * @param negativeStepSize {@code −rate / (1 − β₁ᵗ)}
     */
    record AdamFactors(
            float decay, float firstWeight, float secondDecay, float secondWeight, float rootOfCorrection, float epsilon, float negativeStepSize) {}
}
