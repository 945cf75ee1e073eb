package io.heddle.nn;

import io.heddle.random.TorchGenerator;
import io.heddle.weights.WeightSource;
import java.util.Arrays;

/**
 * The weights that PyTorch gives convolutions, linear layers and norms that are made one after the other behind {@code manual_seed}: uniform within
 * ±1/√(inputs of a unit), norms 1 and 0. Weights must be taken in the order in which PyTorch would make the layers.
 */
public final class DefaultInitialisation implements WeightSource {
    private final TorchGenerator generator;
    private double biasBound;

    /** Starts where {@code torch.manual_seed(seed)} starts. */
    public DefaultInitialisation(long seed) {
        this(new TorchGenerator(seed));
    }

    /** Goes on where a generator is. */
    public DefaultInitialisation(TorchGenerator generator) {
        this.generator = generator;
    }

    @Override
    public float[] take(String name, int[]... shapes) {
        int[] shape = shapes[0];
        int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (shape.length > 1) {
            double fanIn = count / (double) shape[0];
            biasBound = 1 / Math.sqrt(fanIn);
            return uniform(count, Math.sqrt(3) * (Math.sqrt(2 / 6.0) / Math.sqrt(fanIn)));
        }
        float[] affine = new float[count];
        if (name.endsWith(".weight")) {
            biasBound = 0;
            Arrays.fill(affine, 1);
            return affine;
        }
        return biasBound == 0 ? affine : uniform(count, biasBound);
    }

    private float[] uniform(int count, double bound) {
        float from = (float) -bound;
        float range = (float) bound - from;
        float[] numbers = generator.rand(count);
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.fma(numbers[i], range, from);
        }
        return numbers;
    }
}
