package io.heddle.nn;

import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;

/** Layer normalisation over the last axis. Ba et al. 2016. */
public final class LayerNorm {
    private final Parameter weight;
    private final Parameter bias;
    private final float epsilon;

    private LayerNorm(Parameter weight, Parameter bias, float epsilon) {
        this.weight = weight;
        this.bias = bias;
        this.epsilon = epsilon;
    }

    /** Takes {@code weight [width]} and {@code bias [width]}. */
    public static LayerNorm load(ParameterScope at, int width, float epsilon) {
        return new LayerNorm(at.take("weight", width), at.take("bias", width), epsilon);
    }

    /** Applies the layer. */
    public Tensor forward(Tensor x) {
        return Functional.layerNorm(x, weight.tensor(), bias.tensor(), epsilon);
    }
}
