package io.heddle.kernels;

import io.heddle.spi.Buffer;
import java.util.Objects;

/**
 * Elements {@code offset … offset + length − 1} of a lease. As long as a buffer or a slice of it is reachable, its memory is not given to another.
 *
 * @param lease the memory, shared by all slices
 * @param element what the elements are
 * @param offset index of the first element
 * @param length number of elements
 */
record DeviceBuffer(Lease lease, Element element, long offset, long length) implements Buffer {
    DeviceBuffer {
        Objects.checkFromIndexSize(offset, length, lease.length());
    }

    /** The buffer as this backend's own. */
    static DeviceBuffer of(Buffer buffer) {
        if (buffer instanceof DeviceBuffer device) {
            return device;
        }
        throw new IllegalArgumentException("the CUDA backend was given a " + buffer.getClass().getSimpleName() + ", a buffer of another backend");
    }

    /** The address of the first element. */
    long address() {
        return lease.address() + offset * element.bytes();
    }

    long bytes() {
        return length * element.bytes();
    }

    @Override
    public DeviceBuffer slice(long from, long count) {
        Objects.checkFromIndexSize(from, count, length);
        return new DeviceBuffer(lease, element, offset + from, count);
    }
}
