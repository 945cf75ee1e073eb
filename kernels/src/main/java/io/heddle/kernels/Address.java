package io.heddle.kernels;

import jcuda.driver.CUdeviceptr;

/** An address on the device or in the host's memory as JCuda passes it, with the number in the open. */
final class Address extends CUdeviceptr {
    private static final CUdeviceptr NULL = new CUdeviceptr();

    /** An address that a call will fill in. */
    Address() {}

    /** A known address. */
    Address(long value) {
        super(NULL, value);
    }

    /** The number. */
    long value() {
        return getNativePointer() + getByteOffset();
    }
}
