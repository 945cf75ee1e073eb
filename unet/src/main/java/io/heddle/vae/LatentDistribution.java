package io.heddle.vae;

import io.heddle.tensor.Tensor;

/**
 * What the encoder says of a picture: an independent Gaussian for each element of the latent. Not multiplied by the scaling factor.
 *
 * @param mean {@code [rows, height, width, 4]}
 * @param logVariance of the same shape, within −30 … 20
 */
public record LatentDistribution(Tensor mean, Tensor logVariance) {
    /** The most probable latent: the mean. */
    public Tensor mode() {
        return mean;
    }

    /** A sample {@code mean + e^(logVariance/2)·noise} with noise of the mean's shape. */
    public Tensor sample(Tensor noise) {
        return mean.plus(logVariance.times(0.5f).exp().times(noise));
    }
}
