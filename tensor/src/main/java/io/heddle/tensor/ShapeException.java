package io.heddle.tensor;

/** Shapes that do not fit an operation. */
public final class ShapeException extends TensorException {
    private static final long serialVersionUID = 1L;

    /** An exception with a sentence that names the operation and the shapes. */
    public ShapeException(String message) {
        super(message);
    }
}
