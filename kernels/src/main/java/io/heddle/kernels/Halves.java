package io.heddle.kernels;

import io.heddle.tensor.DeviceException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Numbers in half precision on the host, between the float32 values of callers and the device. */
final class Halves {
    /** The largest number. */
    private static final float LARGEST = 65504;
    /** A float32 wherever it lies. */
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private Halves() {}

    /**
     * Float32 values, rounded.
     *
     * @throws DeviceException if a finite value is too large
     */
    static short[] rounded(MemorySegment floats) {
        short[] halves = new short[Math.toIntExact(floats.byteSize() / Float.BYTES)];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = rounded(floats.get(FLOAT, (long) i * Float.BYTES));
        }
        return halves;
    }

    /** One of them. */
    static short rounded(float value) {
        if (Math.abs(value) > LARGEST && Float.isFinite(value)) {
            throw new DeviceException("the number " + value + " is beyond what half precision holds, which is up to " + LARGEST
                    + ": open the device without fp16");
        }
        return Float.floatToFloat16(value);
    }

    /** Writes halves as float32 values. */
    static void widen(short[] halves, MemorySegment floats) {
        for (int i = 0; i < halves.length; i++) {
            floats.set(FLOAT, (long) i * Float.BYTES, Float.float16ToFloat(halves[i]));
        }
    }
}
