package io.heddle.tensor;

/** Something that cannot be done with tensors; the message says which operation, what was expected, what came, and what to do. */
public abstract sealed class TensorException extends RuntimeException
        permits ShapeException, DeviceException, LifetimeException, NoBackwardException {
    private static final long serialVersionUID = 1L;

    TensorException(String message) {
        super(message);
    }
}
