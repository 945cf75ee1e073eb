package io.heddle.testkit;

/**
 * How far an element may lie from its expected value: {@code ofMagnitude · magnitude + ofMaximum · max |expected|}, and the smallest normal float32
 * where results underflow.
 *
 * @param ofMagnitude share of the element's magnitude: of its expected value, or, for a sum, of the sum of its terms' absolute values
 * @param ofMaximum share of the largest expected absolute value
 */
public record Tolerance(double ofMagnitude, double ofMaximum) {
    double bound(double magnitude, double maximum) {
        return ofMagnitude * magnitude + ofMaximum * maximum + Float.MIN_NORMAL;
    }
}
