package io.heddle.testkit;

import io.heddle.weights.WeightSource;
import java.nio.charset.StandardCharsets;

/** Weights and inputs that any language computes from their names alone, so that expected values need no files of weights. */
public final class FormulaWeights implements WeightSource {
    /** Matrices and kernels with a variance of one over their inputs, norms near the identity, small biases. */
    @Override
    public float[] take(String name, int[]... shapes) {
        int[] shape = shapes[0];
        int count = 1;
        for (int extent : shape) {
            count *= extent;
        }
        if (shape.length > 1) {
            return numbers(name, count, 0, Math.sqrt(3.0 * shape[0] / count));
        }
        return name.endsWith(".bias") ? numbers(name, count, 0, 0.1) : numbers(name, count, 1, 0.1);
    }

    /** An input of variance 1. */
    public static float[] input(String name, int count) {
        return numbers(name, count, 0, Math.sqrt(3));
    }

    /** {@code offset + scale·r}, where {@code r} is spread evenly over [-1, 1) by hashing the name and the index: FNV-1a and the finaliser of MurmurHash3. */
    public static float[] numbers(String name, int count, double offset, double scale) {
        int hash = 0x811c9dc5;
        for (byte character : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ Byte.toUnsignedInt(character)) * 0x01000193;
        }
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            int x = hash + i * 0x9E3779B9;
            x = (x ^ x >>> 16) * 0x85ebca6b;
            x = (x ^ x >>> 13) * 0xc2b2ae35;
            x ^= x >>> 16;
            numbers[i] = (float) (offset + (2 * ((x >>> 8) * 0x1p-24) - 1) * scale);
        }
        return numbers;
    }
}
