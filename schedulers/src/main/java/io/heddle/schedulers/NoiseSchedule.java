package io.heddle.schedulers;

import io.heddle.tensor.Tensor;
import java.util.Set;

/**
 * How much noise each training step adds and how much signal is left: {@code x_t = √ᾱ_t·x_0 + √(1 − ᾱ_t)·ε}. Ho et al. 2020, "Denoising Diffusion
 * Probabilistic Models". All values are float32 and equal PyTorch's (on a machine with fused multiply-add) to the last bit.
 */
public final class NoiseSchedule {
    /**
     * Bits of the ᾱ of Stable Diffusion whose root PyTorch rounds down where the next float is nearer: its vector root is not correctly rounded. The
     * published schedule without signal at its end depends on them.
     */
    private static final Set<Integer> ROOTS_ROUNDED_DOWN = Set.of(0x3f43b40d, 0x3ecc55da, 0x3eb1afd0);

    private final float[] betas;
    private final float[] alphaBars;

    private NoiseSchedule(float[] betas) {
        this.betas = betas;
        this.alphaBars = alphaBars(betas);
    }

    /** How β grows over the training steps. */
    public enum BetaSchedule {
        /** Evenly. Ho et al. 2020. */
        LINEAR("linear"),
        /** Its square root evenly. Rombach et al. 2022. */
        SCALED_LINEAR("scaled_linear"),
        /** So that ᾱ follows a squared cosine. Nichol and Dhariwal 2021. */
        COSINE("squaredcos_cap_v2");

        private final String key;

        BetaSchedule(String key) {
            this.key = key;
        }

        /** The spelling in configuration files. */
        public String key() {
            return key;
        }
    }

    /**
     * A schedule of {@code steps} training steps.
     *
     * @param betaStart β of the first step; the cosine schedule has its own
     * @param betaEnd β of the last step
     * @throws IllegalArgumentException if there are fewer than two steps or a β is not within (0, 1)
     */
    public static NoiseSchedule of(BetaSchedule kind, double betaStart, double betaEnd, int steps) {
        if (steps < 2 || !(betaStart > 0 && betaStart < 1 && betaEnd > 0 && betaEnd < 1)) {
            throw new IllegalArgumentException("a noise schedule needs at least 2 steps and betas between 0 and 1, but has " + steps + " steps from "
                    + betaStart + " to " + betaEnd);
        }
        return new NoiseSchedule(switch (kind) {
            case LINEAR -> evenly(betaStart, betaEnd, steps);
            case SCALED_LINEAR -> squared(evenly(Math.sqrt(betaStart), Math.sqrt(betaEnd), steps));
            case COSINE -> cosine(steps);
        });
    }

    /** The schedule of Stable Diffusion 1 and 2: 1000 steps, the square root of β grows evenly from √0.00085 to √0.012. */
    public static NoiseSchedule stableDiffusion() {
        return of(BetaSchedule.SCALED_LINEAR, 0.00085, 0.012, 1000);
    }

    /** This schedule shifted and scaled so that no signal is left at the last step. Lin et al. 2024, algorithm 1. */
    public NoiseSchedule withZeroTerminalSnr() {
        int steps = steps();
        float first = sqrt(alphaBars[0]);
        float last = sqrt(alphaBars[steps - 1]);
        float scale = first / (first - last);
        float[] rescaled = new float[steps];
        float previous = 1;
        for (int t = 0; t < steps; t++) {
            float root = (vectorRoot(alphaBars[t]) - last) * scale;
            float alphaBar = root * root;
            rescaled[t] = 1 - (t == 0 ? alphaBar : alphaBar / previous);
            previous = alphaBar;
        }
        return new NoiseSchedule(rescaled);
    }

    /** The number of training steps. */
    public int steps() {
        return betas.length;
    }

    /** β of a training step: the variance it adds. */
    public float beta(int timestep) {
        return betas[timestep];
    }

    /** ᾱ of a training step: the share of the signal's variance that is left after it. */
    public float alphaBar(int timestep) {
        return alphaBars[timestep];
    }

    /** {@code √ᾱ_t·clean + √(1 − ᾱ_t)·noise}. */
    public Tensor addNoise(Tensor clean, Tensor noise, int timestep) {
        float alphaBar = alphaBars[timestep];
        return clean.times(sqrt(alphaBar)).plus(noise.times(sqrt(1 - alphaBar)));
    }

    /** {@code √ᾱ_t·noise − √(1 − ᾱ_t)·clean}, what a network that predicts velocity is trained on. Salimans and Ho 2022. */
    public Tensor velocity(Tensor clean, Tensor noise, int timestep) {
        float alphaBar = alphaBars[timestep];
        return noise.times(sqrt(alphaBar)).minus(clean.times(sqrt(1 - alphaBar)));
    }

    static float sqrt(float x) {
        return (float) Math.sqrt(x);
    }

    private static float vectorRoot(float x) {
        float root = sqrt(x);
        return ROOTS_ROUNDED_DOWN.contains(Float.floatToRawIntBits(x)) ? Math.nextDown(root) : root;
    }

    /** PyTorch fills the second half from its end, each element with one rounding. */
    private static float[] evenly(double from, double to, int count) {
        float first = (float) from;
        float last = (float) to;
        float step = (last - first) / (count - 1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i < count / 2 ? Math.fma(step, i, first) : Math.fma(-step, count - 1 - i, last);
        }
        return values;
    }

    private static float[] squared(float[] roots) {
        float[] values = new float[roots.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = roots[i] * roots[i];
        }
        return values;
    }

    private static float[] cosine(int steps) {
        float[] values = new float[steps];
        for (int i = 0; i < steps; i++) {
            double ratio = cosineAlphaBar((i + 1) / (double) steps) / cosineAlphaBar(i / (double) steps);
            values[i] = (float) Math.min(1 - ratio, 0.999);
        }
        return values;
    }

    private static double cosineAlphaBar(double share) {
        double cos = Math.cos((share + 0.008) / 1.008 * Math.PI / 2);
        return cos * cos;
    }

    /** PyTorch multiplies up in double and rounds each product. */
    private static float[] alphaBars(float[] betas) {
        float[] alphaBars = new float[betas.length];
        double product = 1;
        for (int t = 0; t < betas.length; t++) {
            product *= 1 - betas[t];
            alphaBars[t] = (float) product;
        }
        return alphaBars;
    }
}
