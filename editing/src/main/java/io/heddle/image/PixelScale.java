package io.heddle.image;

/** How bytes 0..255 and network values -1..1 become each other. The two differ in the last bit of some values, and in the rounding back to bytes. */
public enum PixelScale {
    /** {@code 2 (v / 255) - 1}; back to the nearest byte, ties to the even one: diffusers' {@code VaeImageProcessor}. */
    NEAREST {
        @Override
        public float toFloat(int value) {
            return 2 * (value / 255f) - 1;
        }

        @Override
        public int toByte(float value) {
            return (int) Math.rint(255 * unit(value));
        }
    },

    /** {@code v / 127.5 - 1}; back to the byte below: the Prompt-to-Prompt notebooks. */
    TRUNCATED {
        @Override
        public float toFloat(int value) {
            return value / 127.5f - 1;
        }

        @Override
        public int toByte(float value) {
            return (int) (255 * unit(value));
        }
    };

    /** The network's value, in -1..1, of a byte in 0..255. */
    public abstract float toFloat(int value);

    /** The byte, in 0..255, of a network's value; values outside -1..1 are clamped. */
    public abstract int toByte(float value);

    private static float unit(float value) {
        return Math.clamp(value * 0.5f + 0.5f, 0f, 1f);
    }
}
