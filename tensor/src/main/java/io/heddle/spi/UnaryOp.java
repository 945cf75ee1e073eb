package io.heddle.spi;

/** Functions of one element. */
public enum UnaryOp {
    NEGATE,
    ABS,
    EXP,
    LOG,
    SQRT,
    SQUARE,
    RECIPROCAL,
    SIGMOID,
    TANH,
    /** {@code x·σ(x)}. */
    SILU,
    /** {@code x·Φ(x)}, the exact form with the error function. */
    GELU,
    /** {@code x·σ(1.702·x)}, the activation of OpenAI's CLIP. */
    QUICK_GELU
}
