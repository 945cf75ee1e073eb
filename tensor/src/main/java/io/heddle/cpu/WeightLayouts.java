package io.heddle.cpu;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Layouts derived from weights, kept while the weight keeps its version and the heap has room. */
final class WeightLayouts {
    private final Map<float[], Entry> entries = new WeakHashMap<>();

    /** The layout of {@code weight}, made by {@code derive} unless it is kept. */
    float[] get(HeapBuffer weight, long version, Supplier<float[]> derive) {
        float[] kept = find(weight, version);
        if (kept != null) {
            return kept;
        }
        float[] layout = derive.get();
        put(weight, new Entry(weight.offset(), weight.size(), version, new SoftReference<>(layout)));
        return layout;
    }

    private synchronized float @Nullable [] find(HeapBuffer weight, long version) {
        Entry entry = entries.get(weight.array());
        boolean current = entry != null && entry.version == version && entry.offset == weight.offset() && entry.size == weight.size();
        return current ? entry.layout.get() : null;
    }

    private synchronized void put(HeapBuffer weight, Entry entry) {
        entries.put(weight.array(), entry);
    }

    private record Entry(int offset, int size, long version, SoftReference<float[]> layout) {}
}
