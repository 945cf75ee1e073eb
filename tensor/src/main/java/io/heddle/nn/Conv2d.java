package io.heddle.nn;

import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.tensor.Functional;
import io.heddle.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A convolution with a square kernel: {@code [rows, height, width, in] → [rows, height', width', out]}. */
public final class Conv2d {
    private final Parameter weight;
    private final Parameter bias;
    private final int stride;
    private final Padding padding;

    private Conv2d(Parameter weight, Parameter bias, int stride, Padding padding) {
        this.weight = weight;
        this.bias = bias;
        this.stride = stride;
        this.padding = padding;
    }

    /** Takes a 3×3 convolution that keeps the size. */
    public static Conv2d load3x3(ParameterScope at, int in, int out) {
        return load(at, in, out, 3, 1, Padding.all(1));
    }

    /** Takes {@code weight [out, in, kernel, kernel]} and {@code bias [out]}. */
    public static Conv2d load(ParameterScope at, int in, int out, int kernel, int stride, Padding padding) {
        return new Conv2d(at.takeConvolution("weight", out, in, kernel), at.take("bias", out), stride, padding);
    }

    /** Applies the layer. */
    public Tensor forward(Tensor x) {
        return convolve(x, null);
    }

    /** Applies the layer and adds a residual of the result's shape in the same pass. */
    public Tensor forward(Tensor x, Tensor residual) {
        return convolve(x, residual);
    }

    /** Applies the layer with {@code shift [out]} added to its bias. */
    public Tensor forwardShifted(Tensor x, Tensor shift) {
        return Functional.conv2d(x, weight.tensor(), bias.tensor().plus(shift), null, stride, padding);
    }

    private Tensor convolve(Tensor x, @Nullable Tensor residual) {
        return Functional.conv2d(x, weight.tensor(), bias.tensor(), residual, stride, padding);
    }
}
