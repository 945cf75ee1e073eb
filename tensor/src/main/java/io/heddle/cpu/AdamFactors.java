package io.heddle.cpu;

import io.heddle.spi.Optimisation.AdamStep;

/**
 * What one Adam step multiplies with: bias corrections in double, then rounded, as PyTorch does.
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
        float decay, float firstWeight, float secondDecay, float secondWeight, float rootOfCorrection, float epsilon, float negativeStepSize) {

    static AdamFactors of(AdamStep step) {
        return new AdamFactors(
                (float) (1 - step.learningRate() * step.weightDecay()),
                (float) (1 - step.beta1()),
                (float) step.beta2(),
                (float) (1 - step.beta2()),
                (float) Math.sqrt(1 - Math.pow(step.beta2(), step.number())),
                (float) step.epsilon(),
                (float) -(step.learningRate() / (1 - Math.pow(step.beta1(), step.number()))));
    }
}
