package io.heddle.editing.inversion;

import io.heddle.tensor.Tensor;
import java.util.List;

/**
 * The latents of a picture on its way to noise, each {@code [1, height, width, 4]}: the clean one, then one for each step. Sampling goes the way back, so
 * sampling call {@code i} starts near {@code at(steps − i)} and should end at {@code at(steps − i − 1)}.
 *
 * @param latents the clean one first
 */
public record Trajectory(List<Tensor> latents) {
    /** Copies the list. */
    public Trajectory {
        latents = List.copyOf(latents);
    }

    /** The number of steps, one less than there are latents. */
    public int steps() {
        return latents.size() - 1;
    }

    /** The latent after some steps towards noise. */
    public Tensor at(int stepsFromClean) {
        return latents.get(stepsFromClean);
    }

    /** The picture's own latent. */
    public Tensor clean() {
        return latents.getFirst();
    }

    /** The noisiest latent, from which sampling starts. */
    public Tensor noise() {
        return latents.getLast();
    }

    /** The latent that a sampling call starts from. */
    public Tensor before(int call) {
        return at(steps() - call);
    }

    /** The latent that a sampling call should end at. */
    public Tensor after(int call) {
        return at(steps() - call - 1);
    }
}
