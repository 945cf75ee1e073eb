package io.heddle.tensor;

/** A gradient asked through an operation that has no derivative rule. */
public final class NoBackwardException extends TensorException {
    private static final long serialVersionUID = 1L;

    /** An exception with a sentence that names the operation, its shapes and the alternative. */
    public NoBackwardException(String message) {
        super(message);
    }
}
