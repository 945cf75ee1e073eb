package io.heddle.testkit;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Buffers of one backend for the length of a test; closing releases them. */
public final class Buffers implements AutoCloseable {
    private final Backend backend;
    private final List<Buffer> allocated = new ArrayList<>();

    /** No buffers yet. */
    public Buffers(Backend backend) {
        this.backend = backend;
    }

    /** A new buffer with undefined contents. */
    public Buffer allocate(long length) {
        Buffer buffer = backend.memory().allocate(length);
        allocated.add(buffer);
        return buffer;
    }

    /** A new buffer with the given elements. */
    public Buffer of(float... values) {
        Buffer buffer = allocate(values.length);
        backend.memory().upload(MemorySegment.ofArray(values), buffer);
        return buffer;
    }

    /** The elements of a buffer of this backend. */
    public float[] read(Buffer buffer) {
        float[] values = new float[Math.toIntExact(buffer.length())];
        backend.memory().download(buffer, MemorySegment.ofArray(values));
        return values;
    }

    @Override
    public void close() {
        allocated.forEach(backend.memory()::release);
    }
}
