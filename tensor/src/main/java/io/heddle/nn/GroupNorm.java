package io.heddle.nn;

import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;

/** Group normalisation on {@code [rows, .., channels]}. Wu and He 2018. */
public final class GroupNorm {
    private final Parameter weight;
    private final Parameter bias;
    private final int groups;
    private final float epsilon;

    private GroupNorm(Parameter weight, Parameter bias, int groups, float epsilon) {
        this.weight = weight;
        this.bias = bias;
        this.groups = groups;
        this.epsilon = epsilon;
    }

    /** Takes {@code weight [channels]} and {@code bias [channels]}. */
    public static GroupNorm load(ParameterScope at, int channels, int groups, float epsilon) {
        return new GroupNorm(at.take("weight", channels), at.take("bias", channels), groups, epsilon);
    }

    /** Applies the layer. */
    public Tensor forward(Tensor x) {
        return Functional.groupNorm(x, weight.tensor(), bias.tensor(), groups, epsilon, false);
    }

    /** Applies the layer and SiLU in the same pass. */
    public Tensor forwardSilu(Tensor x) {
        return Functional.groupNorm(x, weight.tensor(), bias.tensor(), groups, epsilon, true);
    }
}
