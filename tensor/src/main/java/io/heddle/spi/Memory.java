package io.heddle.spi;

import java.lang.foreign.MemorySegment;

/** Allocation and transfer. */
public interface Memory {
    /** A buffer of {@code length} elements with undefined contents, possibly one released before. */
    Buffer allocate(long length);

    /** The same with elements in float32, whatever the backend's precision is. */
    default Buffer allocateFloat32(long length) {
        return allocate(length);
    }

    /** Gives a buffer obtained from {@link #allocate} back for reuse. Releasing it twice, or releasing a slice, is a bug of the caller. */
    void release(Buffer buffer);

    /** Copies {@code buffer.length()} float32 values in native order from {@code source}, which may be unaligned. */
    void upload(MemorySegment source, Buffer buffer);

    /** Copies {@code buffer.length()} float32 values in native order to {@code target}, which may be unaligned. */
    void download(Buffer buffer, MemorySegment target);

    /** Copies {@code source} to {@code target}, of equal length. */
    void copy(Buffer source, Buffer target);

    /** Sets every element. */
    void fill(Buffer buffer, float value);

    /** The bytes that all buffers together can take at most; of the virtual machine's heap where nothing else is said. */
    default long capacity() {
        return Runtime.getRuntime().maxMemory();
    }

    /** What has been allocated. */
    MemoryStatistics statistics();
}
