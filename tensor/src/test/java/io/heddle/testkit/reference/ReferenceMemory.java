package io.heddle.testkit.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.heddle.spi.Buffer;
import io.heddle.spi.Memory;
import io.heddle.spi.MemoryStatistics;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One arena for each buffer. New memory is NaN, released memory is freed. Statistics count float32 bytes, as the SPI's users think of them. */
final class ReferenceMemory implements Memory {
    private final Map<Long, Allocation> live = new LinkedHashMap<>();
    private long liveBytes;
    private long peakBytes;

    @Override
    public synchronized Buffer allocate(long length) {
        Arena arena = Arena.ofShared();
        Doubles doubles = new Doubles(arena.allocate(Math.max(length, 1) * Double.BYTES, Double.BYTES).asSlice(0, length * Double.BYTES));
        doubles.poison();
        Throwable origin = new Throwable("a buffer of " + length + " elements was allocated here and not released");
        live.put(doubles.segment().address(), new Allocation(doubles, arena, origin));
        liveBytes += length * Float.BYTES;
        peakBytes = Math.max(peakBytes, liveBytes);
        return doubles;
    }

    @Override
    public synchronized void release(Buffer buffer) {
        Allocation allocation = buffer instanceof Doubles doubles ? live.get(doubles.segment().address()) : null;
        if (allocation == null || !allocation.doubles().equals(buffer)) {
            throw new IllegalArgumentException(
                    "a buffer of %d elements was released that is a slice, foreign or released before".formatted(buffer.length()));
        }
        live.remove(allocation.doubles().segment().address());
        liveBytes -= buffer.length() * Float.BYTES;
        allocation.arena().close();
    }

    @Override
    public void upload(MemorySegment source, Buffer buffer) {
        Doubles out = Doubles.out(buffer, buffer.length());
        for (long i = 0; i < out.length(); i++) {
            out.set(i, source.get(JAVA_FLOAT_UNALIGNED, i * Float.BYTES));
        }
    }

    @Override
    public void download(Buffer buffer, MemorySegment target) {
        Doubles in = Doubles.in(buffer, buffer.length());
        for (long i = 0; i < in.length(); i++) {
            target.set(JAVA_FLOAT_UNALIGNED, i * Float.BYTES, (float) in.get(i));
        }
    }

    @Override
    public void copy(Buffer source, Buffer target) {
        Doubles in = Doubles.in(source, target.length());
        Doubles out = Doubles.out(target, source.length(), in);
        out.segment().copyFrom(in.segment());
    }

    @Override
    public void fill(Buffer buffer, float value) {
        Doubles.out(buffer, buffer.length()).fill(value);
    }

    @Override
    public synchronized MemoryStatistics statistics() {
        return new MemoryStatistics(liveBytes, peakBytes, 0);
    }

    /** For each buffer that was not released, where it was allocated. */
    synchronized List<Throwable> unreleased() {
        return live.values().stream().map(Allocation::origin).toList();
    }

    synchronized void freeAll() {
        Collection<Allocation> left = live.values();
        left.forEach(allocation -> allocation.arena().close());
        live.clear();
        liveBytes = 0;
    }

    private record Allocation(Doubles doubles, Arena arena, Throwable origin) {}
}
