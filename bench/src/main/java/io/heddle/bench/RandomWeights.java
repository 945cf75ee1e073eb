package io.heddle.bench;

import io.heddle.weights.WeightSource;
import java.util.SplittableRandom;

/**
 * Weights that let a signal through: matrices and kernels are uniform with variance {@code 1 / fan-in}, scales of normalisations lie around 1, biases and
 * embeddings are small. They depend on the seed and the parameter's name alone, not on the order in which they are taken.
 *
 * @param seed equal seeds give equal weights
 */
record RandomWeights(long seed) implements WeightSource {
    private static final float SMALL = 0.02f;

    @Override
    public float[] take(String name, int[]... shapes) {
        int[] shape = shapes[0];
        int size = 1;
        for (int dim : shape) {
            size *= dim;
        }
        boolean scale = shape.length == 1 && name.endsWith(".weight");
        boolean small = shape.length == 1 || name.contains("embedding.weight");
        return uniform(name, size, scale ? 1 : 0, small ? SMALL : (float) Math.sqrt(3.0 * shape[0] / size));
    }

    private float[] uniform(String name, int size, float centre, float reach) {
        SplittableRandom random = new SplittableRandom(seed ^ (long) name.hashCode() << Integer.SIZE);
        float[] elements = new float[size];
        for (int i = 0; i < size; i++) {
            elements[i] = centre + reach * (2 * random.nextFloat() - 1);
        }
        return elements;
    }
}
