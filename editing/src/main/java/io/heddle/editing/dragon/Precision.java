package io.heddle.editing.dragon;

/** How numbers of a memory bank are stored. */
public enum Precision {
    /** As they are. */
    FLOAT32(Float.BYTES) {
        @Override
        Stored store(float[] elements) {
            return () -> elements;
        }
    },

    /** In half the memory; each element is off by at most 2⁻¹¹ of itself, or 2⁻²⁵ where it is below 2⁻¹⁴, and must be below 65520. */
    FLOAT16(Short.BYTES) {
        @Override
        Stored store(float[] elements) {
            short[] halves = new short[elements.length];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = Float.floatToFloat16(elements[i]);
            }
            return () -> {
                float[] restored = new float[halves.length];
                for (int i = 0; i < restored.length; i++) {
                    restored[i] = Float.float16ToFloat(halves[i]);
                }
                return restored;
            };
        }
    };

    private final int bytes;

    Precision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    int bytes() {
        return bytes;
    }

    /** Stores elements, which are not changed afterwards. */
    abstract Stored store(float[] elements);

    /** Stored elements. */
    @FunctionalInterface
    interface Stored {
        /** The elements, not to be changed. */
        float[] elements();
    }
}
