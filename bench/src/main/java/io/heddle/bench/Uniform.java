package io.heddle.bench;

import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.SplittableRandom;

/** Makes tensors of numbers that are uniform between −1 and 1, the same ones in every run. */
final class Uniform {
    private final Device device;
    private final SplittableRandom random = new SplittableRandom(1);

    Uniform(Device device) {
        this.device = device;
    }

    /** The next tensor, of shape {@code [dims]}. */
    Tensor tensor(int... dims) {
        Shape shape = Shape.of(dims);
        float[] elements = new float[(int) shape.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = 2 * random.nextFloat() - 1;
        }
        return device.tensor(shape, elements);
    }
}
