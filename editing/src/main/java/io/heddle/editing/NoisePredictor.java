package io.heddle.editing;

import io.heddle.attention.Pass;
import io.heddle.tensor.Tensor;

/** What predicts the noise in latents: {@code unet::predict}, or something around it. */
@FunctionalInterface
public interface NoisePredictor {
    /**
     * The prediction for a batch.
     *
     * @param latents {@code [latents, height, width, 4]}
     * @return {@code [rows, height, width, 4]}
     */
    Tensor predict(Tensor latents, Pass pass);
}
