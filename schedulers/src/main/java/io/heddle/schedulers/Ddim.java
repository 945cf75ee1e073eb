package io.heddle.schedulers;

import static io.heddle.schedulers.NoiseSchedule.sqrt;

import io.heddle.tensor.Tensor;

/**
 * The formula of DDIM. Song et al. 2021, "Denoising Diffusion Implicit Models", equation (12): {@code x' = √ᾱ'·x_0 + √(1 − ᾱ' − σ²)·ε + σ·z} with
 * {@code x_0 = (x − √(1 − ᾱ)·ε)/√ᾱ}. Without σ it runs in both directions.
 */
public final class Ddim {
    private Ddim() {}

    /**
     * The numbers of one hop.
     *
     * @param signal √ᾱ
     * @param noise √(1 − ᾱ)
     * @param signalTo √ᾱ'
     * @param noiseTo √(1 − ᾱ' − σ²)
     * @param fresh σ, the share of new noise
     */
    public record Coefficients(float signal, float noise, float signalTo, float noiseTo, float fresh) {
        /** The numbers of a hop with {@code eta} between 0 (no new noise) and 1 (as much as in training); equation (16). */
        public static Coefficients of(Transition hop, float eta) {
            float from = hop.alphaBarFrom();
            float to = hop.alphaBarTo();
            float fresh = eta == 0 ? 0 : eta * sqrt((1 - to) / (1 - from) * (1 - from / to));
            return new Coefficients(sqrt(from), sqrt(1 - from), sqrt(to), sqrt(1 - to - fresh * fresh), fresh);
        }
    }

    /** Moves a latent along a hop by the noise that is in it. */
    public static Tensor move(Tensor x, Tensor epsilon, Transition hop) {
        Coefficients c = Coefficients.of(hop, 0);
        return combine(Prediction.EPSILON.clean(epsilon, x, c.signal(), c.noise()), epsilon, c);
    }

    /** {@code √ᾱ'·clean + √(1 − ᾱ' − σ²)·epsilon}: the latent at the end of the hop, without new noise. */
    static Tensor combine(Tensor clean, Tensor epsilon, Coefficients c) {
        return clean.times(c.signalTo()).plus(epsilon.times(c.noiseTo()));
    }
}
