package io.heddle.schedulers;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** The noise-to-signal ratios σ = √((1 − ᾱ)/ᾱ) of all training steps, with the steps between them. Karras et al. 2022. */
final class NoiseLevels {
    private static final double KARRAS_RHO = 7;
    /** Stands for ᾱ = 0, whose σ would be infinite. */
    private static final float LEAST_ALPHA_BAR = 0x1p-24f;

    private final float[] sigmas;
    private final float[] logSigmas;

    NoiseLevels(NoiseSchedule noise) {
        sigmas = new float[noise.steps()];
        logSigmas = new float[noise.steps()];
        for (int t = 0; t < sigmas.length; t++) {
            float alphaBar = noise.alphaBar(t) == 0 ? LEAST_ALPHA_BAR : noise.alphaBar(t);
            sigmas[t] = NoiseSchedule.sqrt((1 - alphaBar) / alphaBar);
            logSigmas[t] = (float) Math.log(sigmas[t]);
        }
    }

    float smallest() {
        return sigmas[0];
    }

    float largest() {
        return sigmas[sigmas.length - 1];
    }

    /** σ at a training step that may have a fraction. */
    double at(double timestep) {
        int below = Math.min((int) timestep, sigmas.length - 2);
        double slope = (double) sigmas[below + 1] - sigmas[below];
        return slope * (timestep - below) + sigmas[below];
    }

    /** The training step with a given σ, interpolated in log σ. */
    double timestepOf(double sigma) {
        double logSigma = Math.log(Math.max(sigma, 1e-10));
        int found = Arrays.binarySearch(logSigmas, (float) logSigma);
        int below = Math.clamp(found >= 0 ? found : -found - 2, 0, sigmas.length - 2);
        double share = (logSigmas[below] - logSigma) / (logSigmas[below] - logSigmas[below + 1]);
        return below + Math.clamp(share, 0, 1);
    }

    /** {@code count} levels from {@code largest} to {@code smallest}, evenly in σ^(1/7); equation (5) of the paper. */
    static double[] karras(double largest, double smallest, int count) {
        double from = Math.pow(largest, 1 / KARRAS_RHO);
        double to = Math.pow(smallest, 1 / KARRAS_RHO);
        return DoubleStream.iterate(0, k -> k + 1)
                .limit(count)
                .map(k -> Math.pow(from + k / Math.max(1, count - 1) * (to - from), KARRAS_RHO))
                .toArray();
    }
}
