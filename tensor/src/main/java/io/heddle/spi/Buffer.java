package io.heddle.spi;

/** A run of float32 values in the memory of one backend, held in the backend's {@link Precision}. */
public interface Buffer {
    /** The number of elements. */
    long length();

    /**
     * A view of {@code length} elements from {@code offset}; it shares memory with this buffer and is never released itself.
     *
     * @throws IndexOutOfBoundsException if the range does not lie inside this buffer
     */
    Buffer slice(long offset, long length);
}
