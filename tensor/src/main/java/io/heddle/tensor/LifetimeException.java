package io.heddle.tensor;

/** A tensor, scope or recording used after its end, or a scope used by a thread that did not open it. */
public final class LifetimeException extends TensorException {
    private static final long serialVersionUID = 1L;

    /** An exception with a sentence that names what ended and how to keep it. */
    public LifetimeException(String message) {
        super(message);
    }
}
