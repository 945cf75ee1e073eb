package io.heddle.random;

import java.util.OptionalDouble;

/**
 * PyTorch's CPU generator: {@code new TorchGenerator(s)} draws what {@code torch.Generator("cpu").manual_seed(s)} draws on a machine with AVX2, bit for
 * bit. Seeds are 64 bits wide but only the low 32 count, as there.
 *
 * <p>The stream depends on how it is asked: {@code randn(8)} twice is not {@code randn(16)}, because calls of 16 numbers and more are made in groups of
 * 16 in float32, shorter ones one by one in double. A generator is confined to one thread.
 */
public final class TorchGenerator {
    private static final int GROUP = 16;
    private static final int PAIRS = GROUP / 2;

    private final MersenneTwister bits;
    private OptionalDouble cachedNormal = OptionalDouble.empty();

    /** A generator at the start of its stream. */
    public TorchGenerator(long seed) {
        bits = new MersenneTwister((int) seed);
    }

    /** The next {@code count} uniform numbers of [0, 1) with 24 random bits each: {@code torch.rand}. */
    public float[] rand(int count) {
        float[] uniforms = new float[count];
        fillUniform(uniforms, 0);
        return uniforms;
    }

    /** The next uniform number of [0, 1) with 53 random bits: one element of {@code torch.rand} in float64. */
    public double uniform() {
        long high = bits.nextInt() & 0xFFFFFFFFL;
        long low = bits.nextInt() & 0xFFFFFFFFL;
        return ((high << 32 | low) & (1L << 53) - 1) * 0x1p-53;
    }

    /**
     * The next {@code count} integers of [0, bound): {@code torch.randint(bound, (count,))}.
     *
     * @param bound 1 to 2^28; beyond that PyTorch's versions differ
     * @throws IllegalArgumentException if the bound is out of range
     */
    public int[] randint(int bound, int count) {
        if (bound < 1 || bound > 1 << 28) {
            throw new IllegalArgumentException("randint: the bound must be in 1..268435456, but is " + bound);
        }
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = Integer.remainderUnsigned(bits.nextInt(), bound);
        }
        return values;
    }

    /** The next {@code count} standard normal numbers: {@code torch.randn} of any contiguous float32 shape with so many elements. */
    public float[] randn(int count) {
        float[] normals = new float[count];
        if (count < GROUP) {
            for (int i = 0; i < count; i++) {
                normals[i] = (float) normal();
            }
            return normals;
        }
        fillUniform(normals, 0);
        for (int start = 0; start + GROUP <= count; start += GROUP) {
            toNormals(normals, start);
        }
        if (count % GROUP != 0) {
            fillUniform(normals, count - GROUP);
            toNormals(normals, count - GROUP);
        }
        return normals;
    }

    private void fillUniform(float[] values, int from) {
        for (int i = from; i < values.length; i++) {
            values[i] = (bits.nextInt() & 0xFFFFFF) * 0x1p-24f;
        }
    }

    /** One normal number in double. Box and Muller 1958: two come at a time, the second waits for the next call of fewer than 16. */
    private double normal() {
        if (cachedNormal.isPresent()) {
            double normal = cachedNormal.getAsDouble();
            cachedNormal = OptionalDouble.empty();
            return normal;
        }
        double angle = 2 * Math.PI * uniform();
        double radius = Math.sqrt(-2 * Math.log1p(-uniform()));
        cachedNormal = OptionalDouble.of(radius * Math.sin(angle));
        return radius * Math.cos(angle);
    }

    /** Turns 16 uniform numbers into normal ones in place: element {@code j} and {@code j + 8} are one Box-Muller pair. */
    private static void toNormals(float[] values, int start) {
        for (int j = start; j < start + PAIRS; j++) {
            float radius = (float) Math.sqrt(-2 * CephesFloat.log(1 - values[j]));
            float angle = (float) (2 * Math.PI) * values[j + PAIRS];
            // Adding the mean of zero turns a negative zero into a positive one, as the original's last step does.
            values[j] = radius * CephesFloat.cos(angle) + 0f;
            values[j + PAIRS] = radius * CephesFloat.sin(angle) + 0f;
        }
    }
}
