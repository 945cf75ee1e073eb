package io.heddle.spi;

/** Sums and maxima over axes, and softmax. */
public interface Reduction {
    /**
     * Sums over the axes where {@code reduced} is true.
     *
     * @param x elements of shape {@code dims}
     * @param out the sums, in row-major order of the axes that stay
     */
    void sum(Buffer x, int[] dims, boolean[] reduced, Buffer out);

    /** Maxima over the axes where {@code reduced} is true; a NaN among the elements gives NaN. */
    void max(Buffer x, int[] dims, boolean[] reduced, Buffer out);

    /** Softmax over runs of {@code width} elements, with the run's maximum subtracted first. */
    void softmax(Buffer x, int width, Buffer out);

    /** {@code dx = y ∘ (dy − Σ y·dy)} over runs of {@code width} elements, {@code y} being the softmax. */
    void softmaxGradient(Buffer y, int width, Buffer dy, Buffer dx);
}
