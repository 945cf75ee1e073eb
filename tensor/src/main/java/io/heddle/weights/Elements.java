package io.heddle.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Conversions between little-endian elements of a file, at any alignment, and arrays. Sub-word types pass through a small array so that the conversion
 * loop runs over arrays, which the compiler vectorises.
 */
final class Elements {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK = 8192;

    private Elements() {}

    static void fromF32(MemorySegment source, float[] target) {
        MemorySegment.copy(source, FLOAT, 0, target, 0, target.length);
    }

    static void fromF16(MemorySegment source, float[] target) {
        short[] chunk = new short[Math.min(CHUNK, target.length)];
        for (int start = 0; start < target.length; start += CHUNK) {
            int count = Math.min(CHUNK, target.length - start);
            MemorySegment.copy(source, SHORT, (long) start * Short.BYTES, chunk, 0, count);
            for (int i = 0; i < count; i++) {
                target[start + i] = Float.float16ToFloat(chunk[i]);
            }
        }
    }

    static void fromBf16(MemorySegment source, float[] target) {
        short[] chunk = new short[Math.min(CHUNK, target.length)];
        for (int start = 0; start < target.length; start += CHUNK) {
            int count = Math.min(CHUNK, target.length - start);
            MemorySegment.copy(source, SHORT, (long) start * Short.BYTES, chunk, 0, count);
            for (int i = 0; i < count; i++) {
                target[start + i] = Float.intBitsToFloat(chunk[i] << Short.SIZE);
            }
        }
    }

    static void fromF64(MemorySegment source, float[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = (float) source.get(DOUBLE, (long) i * Double.BYTES);
        }
    }

    static void fromU8(MemorySegment source, long[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = Byte.toUnsignedLong(source.get(ValueLayout.JAVA_BYTE, i));
        }
    }

    static void fromI8(MemorySegment source, long[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = source.get(ValueLayout.JAVA_BYTE, i);
        }
    }

    static void fromI16(MemorySegment source, long[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = source.get(SHORT, (long) i * Short.BYTES);
        }
    }

    static void fromU16(MemorySegment source, long[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = Short.toUnsignedLong(source.get(SHORT, (long) i * Short.BYTES));
        }
    }

    static void fromI32(MemorySegment source, long[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = source.get(INT, (long) i * Integer.BYTES);
        }
    }

    static void fromU32(MemorySegment source, long[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = Integer.toUnsignedLong(source.get(INT, (long) i * Integer.BYTES));
        }
    }

    static void fromI64(MemorySegment source, long[] target) {
        MemorySegment.copy(source, LONG, 0, target, 0, target.length);
    }

    /** The header's length, an unsigned number. */
    static long headerLength(MemorySegment file) {
        return file.get(LONG, 0);
    }

    /** Puts elements {@code from} to {@code from + count} of {@code values} at the start of {@code target}. */
    static void toF32(float[] values, int from, int count, MemorySegment target) {
        MemorySegment.copy(values, from, target, FLOAT, 0, count);
    }

    /** As {@link #toF32}, rounded to the nearest half-precision value, ties to even. */
    static void toF16(float[] values, int from, int count, MemorySegment target) {
        for (int i = 0; i < count; i++) {
            target.set(SHORT, (long) i * Short.BYTES, Float.floatToFloat16(values[from + i]));
        }
    }
}
