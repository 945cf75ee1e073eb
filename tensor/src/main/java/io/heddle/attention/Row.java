package io.heddle.attention;

/**
 * What one row of a batch stands for.
 *
 * @param branch which side of classifier-free guidance
 * @param prompt number of the prompt, 0 for the source
 */
public record Row(Branch branch, int prompt) {
    /** The sides of classifier-free guidance. Ho and Salimans 2022. */
    public enum Branch {
        /** Conditioned on the prompt. */
        CONDITIONAL,
        /** Conditioned on the negative or empty prompt. */
        UNCONDITIONAL
    }

    /** Whether the row is conditioned on its prompt. */
    public boolean isConditional() {
        return branch == Branch.CONDITIONAL;
    }
}
