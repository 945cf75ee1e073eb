package io.heddle.nn;

import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** A cursor that descends the checkpoint path of a network while its layers are made, and registers each parameter that they take. */
public final class ParameterScope {
    private final Device device;
    private final WeightSource source;
    private final String prefix;
    private final Map<String, Parameter> parameters;

    private ParameterScope(Device device, WeightSource source, String prefix, Map<String, Parameter> parameters) {
        this.device = device;
        this.source = source;
        this.prefix = prefix;
        this.parameters = parameters;
    }

    /** The root of a network's parameters on a device. */
    public static ParameterScope root(Device device, WeightSource source) {
        return new ParameterScope(device, source, "", new LinkedHashMap<>());
    }

    /** The device on which the parameters are made. */
    public Device device() {
        return device;
    }

    /** The scope below a name, which may have dots in it. */
    public ParameterScope at(String name) {
        return new ParameterScope(device, source, prefix + name + ".", parameters);
    }

    /** The scope below a list's element. */
    public ParameterScope at(int index) {
        return at(Integer.toString(index));
    }

    /** The path so far, without a dot at its end. */
    public String path() {
        return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    }

    /** Takes a parameter of the given shape. */
    public Parameter take(String leaf, int... shape) {
        return register(leaf, Shape.of(shape), Shape.of(shape), source.take(prefix + leaf, new int[][] {shape}), false);
    }

    /** Takes a linear layer's weight {@code [out, in]}, which some checkpoints store as a 1×1 convolution {@code [out, in, 1, 1]}; both are accepted. */
    public Parameter takePointwise(String leaf, int out, int in, boolean convolution) {
        int[] matrix = {out, in};
        int[] pointwise = {out, in, 1, 1};
        float[] elements = convolution ? source.take(prefix + leaf, pointwise, matrix) : source.take(prefix + leaf, matrix, pointwise);
        return register(leaf, Shape.of(convolution ? pointwise : matrix), Shape.of(matrix), elements, false);
    }

    /** Takes a convolution's weight, stored {@code [out, in, height, width]}, as {@code [out, height, width, in]}. */
    public Parameter takeConvolution(String leaf, int out, int in, int kernel) {
        float[] stored = source.take(prefix + leaf, new int[][] {{out, in, kernel, kernel}});
        float[] channelsLast = stored;
        if (kernel > 1) {
            channelsLast = new float[stored.length];
            int area = kernel * kernel;
            for (int o = 0; o < out; o++) {
                for (int cell = 0; cell < area; cell++) {
                    int to = (o * area + cell) * in;
                    int from = o * in * area + cell;
                    for (int i = 0; i < in; i++) {
                        channelsLast[to + i] = stored[from + i * area];
                    }
                }
            }
        }
        return register(leaf, Shape.of(out, in, kernel, kernel), Shape.of(out, kernel, kernel, in), channelsLast, true);
    }

    /** All parameters taken so far below the root, by checkpoint path, in the order in which they were taken. */
    public Map<String, Parameter> parameters() {
        return parameters;
    }

    private Parameter register(String leaf, Shape stored, Shape shape, float[] elements, boolean channelsLast) {
        String name = prefix + leaf;
        Tensor value = device.tensor(shape, elements).unscoped();
        Parameter parameter = new Parameter(name, stored, value, channelsLast);
        if (parameters.putIfAbsent(name, parameter) != null) {
            throw new IllegalStateException("parameter " + name + " is taken twice");
        }
        return parameter;
    }

    /** Ends the lives of the parameters. */
    public static void close(Map<String, Parameter> parameters) {
        parameters.values().forEach(Parameter::close);
    }
}
