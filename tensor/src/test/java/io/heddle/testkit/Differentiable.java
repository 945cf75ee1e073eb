package io.heddle.testkit;

import io.heddle.tensor.Device;
import io.heddle.tensor.Gradients;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A function of tensors and the point at which it is differentiated. Its result is reduced to one number with fixed random weights.
 *
 * @param name what it is
 * @param function makes one tensor of the inputs, on the inputs' device
 * @param inputs the point
 */
public record Differentiable(String name, Function<List<Tensor>, Tensor> function, List<Sample> inputs) {
    private static final long WEIGHTS = 977;

    /** The function {@code name} at a point. */
    public static Differentiable of(String name, Function<List<Tensor>, Tensor> function, Sample... inputs) {
        return new Differentiable(name, function, List.of(inputs));
    }

    /** The gradients with respect to all inputs, by the tape. */
    public double[][] gradients(Device device) {
        return gradients(device, IntStream.range(0, inputs.size()).toArray());
    }

    /**
     * The gradients with respect to some inputs, by the tape. The forward runs in a scope that closes first, so that backward has what the operations
     * saved and nothing else.
     *
     * @param watched the positions of those inputs
     */
    public double[][] gradients(Device device, int... watched) {
        try (Scope _ = device.scope();
                Recording tape = Recording.open()) {
            List<Tensor> arguments = IntStream.range(0, inputs.size())
                    .mapToObj(i -> contains(watched, i) ? tape.watch(inputs.get(i).on(device)) : inputs.get(i).on(device))
                    .toList();
            Tensor result = device.tidy(() -> function.apply(arguments));
            Gradients gradients = tape.gradients(result, Sample.normal(WEIGHTS, result.shape().dims()).on(device));
            return Arrays.stream(watched).mapToObj(i -> read(gradients.of(arguments.get(i)))).toArray(double[][]::new);
        }
    }

    /** The function's value, reduced to one number in double. */
    double value(List<Tensor> arguments) {
        Tensor result = function.apply(arguments);
        double[] elements = read(result);
        float[] weights = Sample.normal(WEIGHTS, result.shape().dims()).values();
        double sum = 0;
        for (int i = 0; i < elements.length; i++) {
            sum += elements[i] * weights[i];
        }
        return sum;
    }

    private static double[] read(Tensor tensor) {
        return tensor.device().backend() instanceof ReferenceBackend reference
                ? reference.read(tensor.buffer())
                : TensorAssert.doubles(tensor.toArray());
    }

    private static boolean contains(int[] values, int value) {
        return Arrays.stream(values).anyMatch(v -> v == value);
    }

    @Override
    public String toString() {
        return name;
    }
}
