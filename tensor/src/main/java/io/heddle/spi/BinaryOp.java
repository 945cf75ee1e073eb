package io.heddle.spi;

/** Functions of two elements. */
public enum BinaryOp {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MINIMUM,
    MAXIMUM,
    /** 1 where {@code a > b}, else 0; comparisons with NaN give 0. */
    GREATER
}
