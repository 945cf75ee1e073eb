package io.heddle.cpu;

/**
 * Transcendental functions of one float, made of correctly rounded operations alone: {@link LaneMath} does the same operations on vectors and gives the
 * same bits. Polynomials are minimax fits by Lawson's algorithm. Errors are measured over all floats by {@code ScalarMathTest}.
 */
final class ScalarMath {
    static final float LOG2_E = 1.44269504f;
    /** ln 2 as the sum of two floats: with a fused multiply-add, the reduced argument is off by less than its own rounding. */
    static final float LN2_HIGH = 0.693147182f;

    static final float LN2_LOW = -1.90465421e-9f;
    /** Adding it rounds to an integer, which then stands in the low bits. */
    static final float ROUNDER = 0x1.8p23f;
    /** {@link #ROUNDER} plus the bias of the exponent: the low bits, shifted into place, are the power of two. */
    static final float BIASED_ROUNDER = 0x1.8p23f + 127;

    /** Beyond these, {@code exp} is infinite or rounds to zero. */
    static final float EXP_HIGHEST = 89;

    static final float EXP_LOWEST = -104;
    /** ln 2⁻¹²⁶: {@code decay} is zero below. */
    static final float DECAY_LOWEST = -87.3365402f;

    static final float E2 = 0.49999994f;
    static final float E3 = 0.166665152f;
    static final float E4 = 0.0416684560f;
    static final float E5 = 0.00836941879f;
    static final float E6 = 0.00138131448f;

    /** Below this magnitude tanh is a polynomial, above it is made of {@code decay}. */
    static final float TANH_SPLIT = 0.625f;

    static final float T3 = -0.333332777f;
    static final float T5 = 0.133313313f;
    static final float T7 = -0.0537299961f;
    static final float T9 = 0.0206061397f;
    static final float T11 = -0.00566693582f;

    /** {@code Φ(−u) = e^(−u²/2)·(1/2 + Σ Cᵢ·sⁱ)} with {@code s = p·u / (1 + p·u)}, {@code p = CDF_POLE}: after Hastings, Abramowitz and Stegun 26.2.17. */
    static final float CDF_POLE = 0.225f;

    static final float C1 = -1.77307642f;
    static final float C2 = 3.16516781f;
    static final float C3 = -3.57055259f;
    static final float C4 = 2.39905787f;
    static final float C5 = -0.614091158f;
    static final float C6 = -0.376079947f;
    static final float C7 = 0.362169057f;
    static final float C8 = -0.0926688686f;

    /** 1 / √(2π). */
    static final float NORMAL_DENSITY_AT_0 = 0.398942280f;

    static final float QUICK_GELU = 1.702f;

    private ScalarMath() {}

    /** e to the power {@code x}, at most 1 ulp off, denormal results included. */
    static float exp(float x) {
        float y = x > EXP_HIGHEST ? EXP_HIGHEST : x < EXP_LOWEST ? EXP_LOWEST : x;
        float rounded = Math.fma(y, LOG2_E, ROUNDER);
        float k = rounded - ROUNDER;
        int power = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(ROUNDER);
        int half = power >> 1;
        return expOfRemainder(y, k) * powerOfTwo(half) * powerOfTwo(power - half);
    }

    /** e to the power {@code x} for {@code x <= 0}, at most 1 ulp off; results below 2⁻¹²⁶ are 0. */
    static float decay(float x) {
        float rounded = Math.fma(x, LOG2_E, BIASED_ROUNDER);
        float k = rounded - BIASED_ROUNDER;
        float power = Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << 23);
        return x < DECAY_LOWEST ? 0 : expOfRemainder(x, k) * power;
    }

    private static float expOfRemainder(float x, float k) {
        float r = Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, x));
        float p = Math.fma(r, Math.fma(r, Math.fma(r, Math.fma(r, E6, E5), E4), E3), E2);
        return Math.fma(r, Math.fma(r, p, 1), 1);
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + 127) << 23);
    }

    /** {@code 1 / (1 + e^−x)}. */
    static float sigmoid(float x) {
        float e = decay(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /** The hyperbolic tangent. */
    static float tanh(float x) {
        float a = Math.abs(x);
        float z = x * x;
        float p = Math.fma(z, Math.fma(z, Math.fma(z, Math.fma(z, T11, T9), T7), T5), T3);
        float e = decay(-2 * a);
        float large = (1 - e) / (1 + e);
        return a < TANH_SPLIT ? Math.fma(x * z, p, x) : x < 0 ? -large : large;
    }

    /** {@code Φ(x) = (1 + erf(x / √2)) / 2}: the distribution function of the normal distribution. */
    static float normalDistribution(float x) {
        float u = CDF_POLE * Math.abs(x);
        float s = u / (1 + u);
        float high = Math.fma(s, Math.fma(s, Math.fma(s, C8, C7), C6), C5);
        float p = Math.fma(s, Math.fma(s, Math.fma(s, Math.fma(s, high, C4), C3), C2), C1);
        float tail = decay(-0.5f * (x * x)) * Math.fma(s, p, 0.5f);
        return x > 0 ? 1 - tail : tail;
    }

    /** {@code φ(x) = e^(−x²/2) / √(2π)}: the density of the normal distribution. */
    static float normalDensity(float x) {
        return decay(-0.5f * (x * x)) * NORMAL_DENSITY_AT_0;
    }

    /** {@code x·σ(x)}. */
    static float silu(float x) {
        return x * sigmoid(x);
    }

    static float siluDerivative(float x) {
        float e = decay(-Math.abs(x));
        float large = 1 / (1 + e);
        float small = e * large;
        return x < 0 ? small * Math.fma(x, large, 1) : large * Math.fma(x, small, 1);
    }

    static float gelu(float x) {
        return x * normalDistribution(x);
    }

    static float geluDerivative(float x) {
        return Math.fma(x, normalDensity(x), normalDistribution(x));
    }

    static float quickGelu(float x) {
        return x * sigmoid(QUICK_GELU * x);
    }

    static float quickGeluDerivative(float x) {
        return siluDerivative(QUICK_GELU * x);
    }

    static float sigmoidDerivative(float x) {
        float e = decay(-Math.abs(x));
        float large = 1 / (1 + e);
        return e * large * large;
    }

    static float tanhDerivative(float x) {
        float t = tanh(x);
        return Math.fma(-t, t, 1);
    }
}
