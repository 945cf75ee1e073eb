package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.testkit.Tolerances;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ScalarMathTest {
    /** A prime: over all floats, such steps meet every exponent and no pattern. */
    private static final int STEP = 4099;

    @FunctionalInterface
    private interface Function {
        float of(float x);
    }

    @FunctionalInterface
    private interface Error {
        double of(float actual, double expected);
    }

    @Test
    void exp_isWithinOneUlp_overAllFloats() {
        assertThat(largestError(ScalarMath::exp, Math::exp, ScalarMathTest::ulps, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY))
                .isLessThan(Tolerances.EXPONENTIAL_ULPS);
    }

    @Test
    void exp_reachesItsLimits() {
        assertThat(ScalarMath.exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(ScalarMath.exp(Float.POSITIVE_INFINITY)).isInfinite();
        assertThat(ScalarMath.exp(88.72283f)).as("below ln of the largest float").isFinite();
        assertThat(ScalarMath.exp(88.72284f)).isInfinite();
        assertThat(ScalarMath.exp(-103.97f)).isEqualTo(Float.MIN_VALUE);
        assertThat(ScalarMath.exp(-103.98f)).isZero();
        assertThat(ScalarMath.exp(Float.MIN_VALUE)).isEqualTo(1);
        assertThat(ScalarMath.exp(Float.NaN)).isNaN();
    }

    @Test
    void decay_isWithinOneUlp_downToTheSmallestNormal() {
        assertThat(largestError(ScalarMath::decay, Math::exp, ScalarMathTest::ulps, ScalarMath.DECAY_LOWEST, 0))
                .isLessThan(Tolerances.EXPONENTIAL_ULPS);
        assertThat(ScalarMath.decay(ScalarMath.DECAY_LOWEST)).isGreaterThanOrEqualTo(Float.MIN_NORMAL);
        assertThat(ScalarMath.decay(Math.nextDown(ScalarMath.DECAY_LOWEST))).isZero();
        assertThat(ScalarMath.decay(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(ScalarMath.decay(Float.NaN)).isNaN();
    }

    @Test
    void sigmoidAndTanh_areWithinThreeUlps() {
        DoubleUnaryOperator logistic = x -> 1 / (1 + Math.exp(-x));
        assertThat(largestError(ScalarMath::sigmoid, logistic, ScalarMathTest::ulps, ScalarMath.DECAY_LOWEST, Float.POSITIVE_INFINITY))
                .isLessThan(Tolerances.SIGMOID_ULPS);
        assertThat(largestError(ScalarMath::tanh, Math::tanh, ScalarMathTest::ulps, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY))
                .isLessThan(Tolerances.TANH_ULPS);
    }

    @Test
    void normalDistribution_isTheExactErrorFunctions() {
        Error absolute = (actual, expected) -> Math.abs(actual - expected);
        assertThat(largestError(ScalarMath::normalDistribution, ScalarMathTest::normalDistribution, absolute, Float.NEGATIVE_INFINITY, 0))
                .isLessThan(Tolerances.NORMAL_TAIL);
        assertThat(largestError(ScalarMath::normalDistribution, ScalarMathTest::normalDistribution, absolute, 0, Float.POSITIVE_INFINITY))
                .isLessThan(Tolerances.NORMAL_DISTRIBUTION);
        assertThat(ScalarMath.normalDistribution(0)).isEqualTo(0.5f);
    }

    private static double largestError(Function function, DoubleUnaryOperator definition, Error error, float low, float high) {
        double largest = 0;
        for (long bits = 0; bits < 1L << 32; bits += STEP) {
            float x = Float.intBitsToFloat((int) bits);
            if (x >= low && x <= high) {
                largest = Math.max(largest, error.of(function.of(x), definition.applyAsDouble(x)));
            }
        }
        return largest;
    }

    private static double ulps(float actual, double expected) {
        float rounded = (float) expected;
        if (Float.isInfinite(rounded)) {
            return actual == rounded ? 0 : Double.POSITIVE_INFINITY;
        }
        return Math.abs(actual - expected) / Math.ulp(rounded);
    }

    /** By the series of Φ around 0 and, in the tails, Laplace's continued fraction. */
    private static double normalDistribution(double x) {
        if (x > 0) {
            return 1 - normalDistribution(-x);
        }
        double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        if (x > -3) {
            double term = x;
            double sum = x;
            for (int k = 1; k < 60; k++) {
                term *= x * x / (2 * k + 1);
                sum += term;
            }
            return 0.5 + density * sum;
        }
        double fraction = 0;
        for (int k = 80; k > 0; k--) {
            fraction = k / (fraction - x);
        }
        return density / (fraction - x);
    }
}
