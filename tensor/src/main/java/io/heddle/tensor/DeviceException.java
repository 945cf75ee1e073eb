package io.heddle.tensor;

/** A device that does not exist, cannot be used, or differs between the operands of an operation. */
public final class DeviceException extends TensorException {
    private static final long serialVersionUID = 1L;

    /** An exception with a sentence that names the device and the reason. */
    public DeviceException(String message) {
        super(message);
    }
}
