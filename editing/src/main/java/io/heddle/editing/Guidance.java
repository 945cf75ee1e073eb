package io.heddle.editing;

import io.heddle.attention.Step;
import io.heddle.tensor.Tensor;

/** How the predictions with and without the prompt become one: the third seam. */
public interface Guidance {
    /** Whether the unconditional rows are evaluated, of prompts that {@linkplain Conditioning#isGuided guidance leads}. */
    boolean needsUnconditional();

    /**
     * The prediction to follow.
     *
     * @param unconditional {@code [prompts, height, width, 4]}; the conditional one where it was not evaluated
     * @param conditional {@code [prompts, height, width, 4]}
     */
    Tensor guide(Step step, Tensor unconditional, Tensor conditional);

    /** Classifier-free guidance: {@code ε = ε_u + scale·(ε_c − ε_u)}. At scale 1 and below the prompt's own prediction. Ho and Salimans 2022. */
    static Guidance classifierFree(double scale) {
        return new ClassifierFreeGuidance((float) scale, 0);
    }

    /**
     * Classifier-free guidance with the result's standard deviation led back to the conditional one's by a share {@code rescale} in 0 … 1. Lin et al. 2024,
     * section 3.4.
     */
    static Guidance classifierFree(double scale, double rescale) {
        return new ClassifierFreeGuidance((float) scale, (float) rescale);
    }
}
