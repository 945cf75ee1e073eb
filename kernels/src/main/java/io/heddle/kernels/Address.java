package io.heddle.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import jcuda.driver.CUdeviceptr;

/** An address on the device or in the host's memory as JCuda passes it, with the number in the open. */
final class Address extends CUdeviceptr {
    private static final CUdeviceptr NULL = new CUdeviceptr();

    /** Where the host has a float32 of 1, as factors of libraries are passed. */
    static final Address ONE = constant(1);

    /** Where the host has a float32 of 0. */
    static final Address ZERO = constant(0);

    /** An address that a call will fill in. */
    Address() {}

    /** A known address. */
    Address(long value) {
        super(NULL, value);
    }

    private static Address constant(float value) {
        return new Address(Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, value).address());
    }

    /** The number. */
    long value() {
        return getNativePointer() + getByteOffset();
    }
}
