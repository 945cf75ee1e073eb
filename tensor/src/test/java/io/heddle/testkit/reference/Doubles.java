package io.heddle.testkit.reference;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.heddle.spi.Buffer;
import java.lang.foreign.MemorySegment;

/** A run of double elements outside the heap. Use after release throws, because the memory is really freed. */
record Doubles(MemorySegment segment) implements Buffer {
    private static final byte NAN = (byte) 0xFF;

    /**
     * The buffer an SPI call was given as an input.
     *
     * @throws IllegalArgumentException if its length is not what the call's shape says
     */
    static Doubles in(Buffer buffer, long length) {
        if (!(buffer instanceof Doubles doubles)) {
            throw new IllegalArgumentException("a buffer of another backend reached the reference backend: " + buffer.getClass());
        }
        if (doubles.length() != length) {
            throw new IllegalArgumentException("a buffer has %d elements where the shape says %d".formatted(doubles.length(), length));
        }
        return doubles;
    }

    /**
     * The buffer an SPI call was given as an output, filled with NaN.
     *
     * @throws IllegalArgumentException if its length is not what the call's shape says, or if it shares memory with an input
     */
    static Doubles out(Buffer buffer, long length, Doubles... inputs) {
        Doubles out = in(buffer, length);
        for (Doubles input : inputs) {
            if (out.segment.asOverlappingSlice(input.segment).isPresent()) {
                throw new IllegalArgumentException("an output shares memory with an input");
            }
        }
        out.poison();
        return out;
    }

    @Override
    public long length() {
        return segment.byteSize() / Double.BYTES;
    }

    @Override
    public Doubles slice(long offset, long length) {
        return new Doubles(segment.asSlice(offset * Double.BYTES, length * Double.BYTES));
    }

    double get(long index) {
        return segment.getAtIndex(JAVA_DOUBLE, index);
    }

    void set(long index, double value) {
        segment.setAtIndex(JAVA_DOUBLE, index, value);
    }

    void add(long index, double value) {
        set(index, get(index) + value);
    }

    void fill(double value) {
        for (long i = 0; i < length(); i++) {
            set(i, value);
        }
    }

    /** Fills with NaN, so that elements that are read before they are written show. */
    void poison() {
        segment.fill(NAN);
    }
}
