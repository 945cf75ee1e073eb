package io.heddle.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Arrays of indices on the device, kept by content: a step that repeats finds the ones of the step before, so that nothing is transferred. Those not asked
 * for longest go first.
 */
final class IndexTables {
    private static final int MOST = 1024;

    private final CudaContext context;
    private final BlockPool pool;
    private final Staging staging;
    private final Map<Key, DeviceBuffer> tables = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, DeviceBuffer> eldest) {
            return size() > MOST;
        }
    };

    IndexTables(CudaContext context, BlockPool pool, Staging staging) {
        this.context = context;
        this.pool = pool;
        this.staging = staging;
    }

    private record Key(int[] values) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key(int[] others) && Arrays.equals(values, others);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }
    }

    /** The device's copy, each index in place of an element. */
    synchronized DeviceBuffer of(int... indices) {
        DeviceBuffer table = tables.computeIfAbsent(new Key(indices.clone()), key -> upload(key.values()));
        Draft draft = context.draft();
        if (draft != null) {
            draft.kept().add(table);
        }
        return table;
    }

    private DeviceBuffer upload(int... values) {
        DeviceBuffer table =
                new DeviceBuffer(new Lease(pool.take((long) values.length * Integer.BYTES), values.length, pool::give), Element.INDEX, 0,
                        values.length);
        staging.upload(MemorySegment.ofArray(values), table.address());
        return table;
    }
}
