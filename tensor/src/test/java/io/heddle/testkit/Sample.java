package io.heddle.testkit;

import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * Elements for a tensor of any device.
 *
 * @param shape the shape
 * @param values the elements in row-major order
 */
public record Sample(Shape shape, float[] values) {
    /** Normally distributed elements. */
    public static Sample normal(long seed, int... dims) {
        Random random = new Random(seed);
        Shape shape = Shape.of(dims);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Sample(shape, values);
    }

    /** These elements put through a function. */
    public Sample map(DoubleUnaryOperator function) {
        float[] mapped = new float[values.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = (float) function.applyAsDouble(values[i]);
        }
        return new Sample(shape, mapped);
    }

    /** A tensor with these elements. */
    public Tensor on(Device device) {
        return device.tensor(shape, values);
    }
}
