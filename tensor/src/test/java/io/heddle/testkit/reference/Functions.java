package io.heddle.testkit.reference;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.UnaryOp;

/** The functions of one and two elements and their derivatives. */
final class Functions {
    /** Hendrycks and Gimpel 2016, section 2. */
    private static final double QUICK_GELU = 1.702;

    private static final double TAIL = 4;
    private static final int TERMS = 80;

    private Functions() {}

    static double value(UnaryOp op, double x) {
        return switch (op) {
            case NEGATE -> -x;
            case ABS -> Math.abs(x);
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case SIGMOID -> sigmoid(x);
            case TANH -> Math.tanh(x);
            case SILU -> x * sigmoid(x);
            case GELU -> x * normal(x);
            case QUICK_GELU -> x * sigmoid(QUICK_GELU * x);
        };
    }

    static double derivative(UnaryOp op, double x) {
        return switch (op) {
            case NEGATE -> -1;
            case ABS -> Math.signum(x);
            case EXP -> Math.exp(x);
            case LOG -> 1 / x;
            case SQRT -> 0.5 / Math.sqrt(x);
            case SQUARE -> 2 * x;
            case RECIPROCAL -> -1 / (x * x);
            case SIGMOID -> sigmoid(x) * sigmoid(-x);
            case TANH -> 1 / (Math.cosh(x) * Math.cosh(x));
            case SILU -> sigmoid(x) * (1 + x * sigmoid(-x));
            case GELU -> normal(x) + x * density(x);
            case QUICK_GELU -> sigmoid(QUICK_GELU * x) * (1 + QUICK_GELU * x * sigmoid(-QUICK_GELU * x));
        };
    }

    static double value(BinaryOp op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MINIMUM -> Math.min(a, b);
            case MAXIMUM -> Math.max(a, b);
            case GREATER -> a > b ? 1 : 0;
        };
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** The density of the standard normal distribution. */
    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** The standard normal distribution function Φ. Abramowitz and Stegun 1964, 26.2.11 in the middle, 26.2.14 in the tails. */
    static double normal(double x) {
        if (x > TAIL) {
            return 1 - normal(-x);
        }
        if (x < -TAIL) {
            double fraction = -x;
            for (int n = TERMS; n > 0; n--) {
                fraction = n / fraction - x;
            }
            return density(x) / fraction;
        }
        double term = x;
        double sum = 0;
        for (int n = 1; n <= TERMS; n++) {
            sum += term;
            term *= x * x / (2 * n + 1);
        }
        return 0.5 + density(x) * sum;
    }
}
