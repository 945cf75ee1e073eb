package io.heddle.random;

/**
 * Logarithm, sine and cosine in float32 by the polynomials of the Cephes library (Moshier 1989), every product and sum fused. PyTorch's AVX2 kernels
 * evaluate them in this order, which fixes every bit of its random normals.
 */
final class CephesFloat {
    private static final float[] LOG = {
        7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f, -1.6668057665e-1f, 2.0000714765e-1f,
        -2.4999993993e-1f,
        3.3333331174e-1f
    };
    private static final float SQRT_HALF = 0.70710677f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;

    private static final float FOUR_OVER_PI = 1.27323954473516f;
    private static final float QUARTER_PI_HIGH = 0.78515625f;
    private static final float QUARTER_PI_MIDDLE = 2.4187564849853515625e-4f;
    private static final float QUARTER_PI_LOW = 3.77489497744594108e-8f;

    private CephesFloat() {}

    /** The natural logarithm of {@code x > 0}. */
    static float log(float x) {
        int raw = Float.floatToRawIntBits(Math.max(x, Float.MIN_NORMAL));
        float exponent = (raw >>> 23) - 126;
        float m = Float.intBitsToFloat(raw & 0x7FFFFF | 0x3F000000);
        if (m < SQRT_HALF) {
            exponent -= 1;
            m = m - 1 + m;
        } else {
            m = m - 1;
        }
        float z = m * m;
        float y = LOG[0];
        for (int i = 1; i < LOG.length; i++) {
            y = Math.fma(y, m, LOG[i]);
        }
        y = Math.fma(y * m, z, exponent * LN2_LOW);
        y = Math.fma(-z, 0.5f, y);
        return Math.fma(exponent, LN2_HIGH, m + y);
    }

    /** The cosine of {@code angle >= 0}, in radians. */
    static float cos(float angle) {
        int octant = octant(angle);
        float r = reduce(angle, octant);
        float cos = (octant & 2) == 0 ? cosPolynomial(r) : sinPolynomial(r);
        return (~(octant - 2) & 4) == 0 ? cos : -cos;
    }

    /** The sine of {@code angle >= 0}, in radians. */
    static float sin(float angle) {
        int octant = octant(angle);
        float r = reduce(angle, octant);
        float sin = (octant & 2) == 0 ? sinPolynomial(r) : cosPolynomial(r);
        return (octant & 4) == 0 ? sin : -sin;
    }

    /** The even multiple of π/4 nearest to the angle. */
    private static int octant(float angle) {
        return (int) (angle * FOUR_OVER_PI) + 1 & ~1;
    }

    /** The angle less {@code octant·π/4}, in [-π/4, π/4]; π/4 is taken in three parts so that nothing cancels. */
    private static float reduce(float angle, int octant) {
        float r = Math.fma(octant, -QUARTER_PI_HIGH, angle);
        r = Math.fma(octant, -QUARTER_PI_MIDDLE, r);
        return Math.fma(octant, -QUARTER_PI_LOW, r);
    }

    private static float cosPolynomial(float r) {
        float z = r * r;
        float c = Math.fma(2.443315711809948e-5f, z, -1.388731625493765e-3f);
        c = Math.fma(c, z, 4.166664568298827e-2f);
        return Math.fma(c * z, z, -(0.5f * z)) + 1;
    }

    private static float sinPolynomial(float r) {
        float z = r * r;
        float s = Math.fma(-1.9515295891e-4f, z, 8.3321608736e-3f);
        s = Math.fma(s, z, -1.6666654611e-1f);
        return Math.fma(s * z, r, r);
    }
}
