package io.heddle.cpu;

import io.heddle.spi.Buffer;
import java.util.Objects;

/**
 * Elements {@code offset … offset + size − 1} of a Java array.
 *
 * @param array shared by all slices
 * @param offset index of the first element
 * @param size number of elements
 */
record HeapBuffer(float[] array, int offset, int size) implements Buffer {
    HeapBuffer {
        Objects.checkFromIndexSize(offset, size, array.length);
    }

    /** The buffer as this backend's own. */
    static HeapBuffer of(Buffer buffer) {
        if (buffer instanceof HeapBuffer heap) {
            return heap;
        }
        throw new IllegalArgumentException("the CPU backend was given a " + buffer.getClass().getSimpleName() + ", a buffer of another backend");
    }

    /** The buffer as this backend's own, of exactly {@code length} elements. */
    static HeapBuffer of(Buffer buffer, long length) {
        if (buffer.length() != length) {
            throw new IllegalArgumentException(
                    "the CPU backend was given a buffer of " + buffer.length() + " elements where the shape says " + length);
        }
        return of(buffer);
    }

    @Override
    public long length() {
        return size;
    }

    @Override
    public HeapBuffer slice(long from, long length) {
        Objects.checkFromIndexSize(from, length, size);
        return new HeapBuffer(array, offset + (int) from, (int) length);
    }
}
