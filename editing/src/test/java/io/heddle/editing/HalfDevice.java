package io.heddle.editing;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.Memory;
import io.heddle.spi.MemoryStatistics;
import io.heddle.spi.Precision;
import io.heddle.spi.Primitives;
import io.heddle.tensor.Device;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A processor that holds halves unless float32 is asked for, as far as its users can tell: what they write is rounded, and so is what they read as a whole. In
 * between it computes in float32.
 */
public final class HalfDevice {
    private HalfDevice() {}

    /** Opens it. */
    public static Device open() {
        Backend cpu = Device.open("cpu", 2).backend();
        Primitives all = cpu.primitives();
        Primitives primitives = new Primitives(new HalfMemory(all.memory()), all.pointwise(), all.reduction(), all.movement(), all.linear(),
                all.convolution(), all.normalization(), all.attention(), all.optimisation());
        return Device.of(new Backend() {
            @Override
            public String description() {
                return "halves on " + cpu.description();
            }

            @Override
            public Precision precision() {
                return Precision.FLOAT16;
            }

            @Override
            public Primitives primitives() {
                return primitives;
            }

            @Override
            public void close() {
                cpu.close();
            }
        });
    }

    private record HalfMemory(Memory floats, Set<Buffer> halves) implements Memory {
        HalfMemory(Memory floats) {
            this(floats, Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>())));
        }

        @Override
        public Buffer allocate(long length) {
            Buffer buffer = floats.allocate(length);
            halves.add(buffer);
            return buffer;
        }

        @Override
        public Buffer allocateFloat32(long length) {
            return floats.allocate(length);
        }

        @Override
        public void release(Buffer buffer) {
            halves.remove(buffer);
            floats.release(buffer);
        }

        @Override
        public void upload(MemorySegment source, Buffer buffer) {
            if (!halves.contains(buffer)) {
                floats.upload(source, buffer);
                return;
            }
            MemorySegment rounded = MemorySegment.ofArray(new float[Math.toIntExact(buffer.length())]);
            MemorySegment.copy(source, 0, rounded, 0, rounded.byteSize());
            round(rounded);
            floats.upload(rounded, buffer);
        }

        @Override
        public void download(Buffer buffer, MemorySegment target) {
            floats.download(buffer, target);
            if (halves.contains(buffer)) {
                round(target);
            }
        }

        @Override
        public void copy(Buffer source, Buffer target) {
            floats.copy(source, target);
        }

        @Override
        public void fill(Buffer buffer, float value) {
            floats.fill(buffer, halves.contains(buffer) ? rounded(value) : value);
        }

        @Override
        public MemoryStatistics statistics() {
            return floats.statistics();
        }

        private static void round(MemorySegment elements) {
            for (long i = 0; i < elements.byteSize() / Float.BYTES; i++) {
                float value = elements.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                elements.setAtIndex(ValueLayout.JAVA_FLOAT, i, rounded(value));
            }
        }

        private static float rounded(float value) {
            return Float.float16ToFloat(Float.floatToFloat16(value));
        }
    }
}
