package io.heddle.testkit;

/**
 * How far an element may lie from its expected value: {@code ofMagnitude · magnitude + ofMaximum · max |expected| + absolute}.
 *
 * @param ofMagnitude share of the element's magnitude: of its expected value, or, for a sum, of the sum of its terms' absolute values
 * @param ofMaximum share of the largest expected absolute value
 * @param absolute the same for all elements
 */
public record Tolerance(double ofMagnitude, double ofMaximum, double absolute) {
    /** A tolerance relative to what is expected; results that underflow may be zero. */
    Tolerance(double ofMagnitude, double ofMaximum) {
        this(ofMagnitude, ofMaximum, Float.MIN_NORMAL);
    }

    double bound(double magnitude, double maximum) {
        return ofMagnitude * magnitude + ofMaximum * maximum + absolute;
    }
}
