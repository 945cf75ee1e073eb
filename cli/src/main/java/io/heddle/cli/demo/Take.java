package io.heddle.cli.demo;

import io.heddle.tensor.Tensor;
import java.util.Arrays;

/**
 * One run of the sampler.
 *
 * @param cost what it took
 * @param latents {@code [prompts, height, width, 4]}, the source of an edit first
 */
record Take(Cost cost, Tensor latents) {
    /** The latents of the prompt that was sampled first. */
    Tensor first() {
        return latents.row(0);
    }

    /** The latents of the prompt that was sampled last. */
    Tensor last() {
        return latents.row(latents.dim(0) - 1);
    }

    /** Whether two latents have the same bits. */
    static boolean sameBits(Tensor one, Tensor other) {
        return Arrays.equals(one.toArray(), other.toArray());
    }
}
