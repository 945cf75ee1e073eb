package io.heddle.nn;

import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A linear layer {@code y = x·Wᵀ + b}: {@code [rows, .., in] → [rows, .., out]}. */
public final class Linear {
    private final Parameter weight;
    private final @Nullable Parameter bias;

    private Linear(Parameter weight, @Nullable Parameter bias) {
        this.weight = weight;
        this.bias = bias;
    }

    /** Takes {@code weight [out, in]} and {@code bias [out]}. */
    public static Linear load(ParameterScope at, int in, int out) {
        return new Linear(at.take("weight", out, in), at.take("bias", out));
    }

    /** Takes {@code weight [out, in]} alone. */
    public static Linear loadNoBias(ParameterScope at, int in, int out) {
        return new Linear(at.take("weight", out, in), null);
    }

    /** Takes {@code weight [out, in]} or, if stored as a convolution, {@code [out, in, 1, 1]}, and {@code bias [out]}: a layer on each cell. */
    public static Linear loadPointwise(ParameterScope at, int in, int out, boolean convolution) {
        return new Linear(at.takePointwise("weight", out, in, convolution), at.take("bias", out));
    }

    /** Applies the layer. */
    public Tensor forward(Tensor x) {
        return Functional.linear(x, weight.tensor(), bias == null ? null : bias.tensor(), null);
    }

    /** Applies the layer and adds {@code residual [rows, .., out]} in the same pass. */
    public Tensor forward(Tensor x, Tensor residual) {
        return Functional.linear(x, weight.tensor(), bias == null ? null : bias.tensor(), residual);
    }

    /** The weight {@code [out, in]} and, where there is one, the bias {@code [out]}. */
    public List<Parameter> parameters() {
        return bias == null ? List.of(weight) : List.of(weight, bias);
    }
}
