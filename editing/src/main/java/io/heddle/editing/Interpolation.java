package io.heddle.editing;

import io.heddle.tensor.Tensor;

/** Points on the line through two tensors, such as the encodings of a source and of a target. */
public final class Interpolation {
    private Interpolation() {}

    /**
     * {@code share·towards + (1 − share)·from}.
     *
     * @param from the point at share 0
     * @param towards the point at share 1, of the same shape
     * @param share beyond 0 … 1 the line goes on
     */
    public static Tensor between(Tensor from, Tensor towards, double share) {
        return from.device().tidy(() -> towards.times((float) share).plus(from.times((float) (1 - share))));
    }
}
