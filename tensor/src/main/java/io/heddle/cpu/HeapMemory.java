package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.Memory;
import io.heddle.spi.MemoryStatistics;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Heap arrays, recycled by exact length. Released arrays are softly reachable, so that a heap running full takes them back; beyond a bound the lengths
 * that have not been asked for longest are dropped.
 */
final class HeapMemory implements Memory {
    /** Longer arrays do not exist on common virtual machines. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private final long poolLimit;
    private final LinkedHashMap<Integer, ArrayDeque<SoftReference<float[]>>> pool = new LinkedHashMap<>(64, 0.75f, true);
    private long live;
    private long peak;
    private long pooled;

    /** A pool that keeps at most a quarter of the heap. */
    HeapMemory() {
        this(Runtime.getRuntime().maxMemory() / 4);
    }

    /** A pool that keeps at most {@code poolLimit} bytes. */
    HeapMemory(long poolLimit) {
        this.poolLimit = poolLimit;
    }

    @Override
    public HeapBuffer allocate(long length) {
        if (length < 0 || length > LONGEST) {
            throw new IllegalArgumentException("a buffer of " + length + " elements was asked for; the CPU backend holds 0 to " + LONGEST);
        }
        int size = (int) length;
        float[] recycled = recycled(size);
        float[] array = recycled == null ? new float[size] : recycled;
        count(bytes(size));
        return new HeapBuffer(array, 0, size);
    }

    @Override
    public synchronized void release(Buffer buffer) {
        HeapBuffer heap = HeapBuffer.of(buffer);
        int size = heap.array().length;
        if (heap.size() != size) {
            throw new IllegalArgumentException("a slice of " + heap.size() + " of " + size + " elements was released; release the whole buffer");
        }
        live -= bytes(size);
        pooled += bytes(size);
        pool.computeIfAbsent(size, _ -> new ArrayDeque<>()).addLast(new SoftReference<>(heap.array()));
        while (pooled > poolLimit) {
            dropOldest();
        }
    }

    private synchronized void count(long bytes) {
        live += bytes;
        peak = Math.max(peak, live);
    }

    private synchronized float @Nullable [] recycled(int size) {
        ArrayDeque<SoftReference<float[]>> arrays = pool.get(size);
        while (arrays != null && !arrays.isEmpty()) {
            pooled -= bytes(size);
            float[] array = arrays.removeLast().get();
            if (array != null) {
                return array;
            }
        }
        return null;
    }

    private void dropOldest() {
        var eldest = pool.firstEntry();
        if (eldest.getValue().pollFirst() != null) {
            pooled -= bytes(eldest.getKey());
        } else {
            pool.remove(eldest.getKey());
        }
    }

    /** Forgets everything pooled. */
    synchronized void clear() {
        pool.clear();
        pooled = 0;
    }

    @Override
    public void upload(MemorySegment source, Buffer buffer) {
        HeapBuffer heap = HeapBuffer.of(buffer);
        MemorySegment.copy(source, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, heap.array(), heap.offset(), heap.size());
    }

    @Override
    public void download(Buffer buffer, MemorySegment target) {
        HeapBuffer heap = HeapBuffer.of(buffer);
        MemorySegment.copy(heap.array(), heap.offset(), target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, heap.size());
    }

    @Override
    public void copy(Buffer source, Buffer target) {
        HeapBuffer from = HeapBuffer.of(source);
        HeapBuffer to = HeapBuffer.of(target);
        if (from.size() != to.size()) {
            throw new IllegalArgumentException("a buffer of " + from.size() + " elements was copied to one of " + to.size() + "; they must be equal");
        }
        System.arraycopy(from.array(), from.offset(), to.array(), to.offset(), from.size());
    }

    @Override
    public void fill(Buffer buffer, float value) {
        HeapBuffer heap = HeapBuffer.of(buffer);
        Arrays.fill(heap.array(), heap.offset(), heap.offset() + heap.size(), value);
    }

    @Override
    public synchronized MemoryStatistics statistics() {
        return new MemoryStatistics(live, peak, pooled);
    }

    private static long bytes(int size) {
        return (long) size * Float.BYTES;
    }
}
