package io.heddle.spi;

import org.jspecify.annotations.Nullable;

/** Two-dimensional cross-correlation on channels-last pictures. */
public interface Convolution {
    /**
     * {@code y[n, i, j, o] = b[o] + Σ x[n, i·s + u − top, j·s + v − left, c] · w[o, u, v, c] [+ residual]}, zeros outside the picture.
     *
     * @param x {@code [rows, input.height, input.width, in]}
     * @param weight {@code [out, kernel.height, kernel.width, in]}
     * @param version changes whenever the values of {@code weight} change; layouts derived from the weight may be kept under (weight, version)
     * @param bias {@code [out]} or null
     * @param residual {@code [rows, output.height, output.width, out]} or null
     * @param y {@code [rows, output.height, output.width, out]}
     */
    void forward(
            Buffer x, Buffer weight, long version, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y);

    /** The gradient with respect to the input, {@code dx} of the shape of {@code x}. */
    void inputGradient(Buffer dy, Buffer weight, long version, ConvolutionShape shape, Buffer dx);

    /** The gradients with respect to the weight and, if {@code dBias} is given, the bias, over all rows. */
    void weightGradient(Buffer x, Buffer dy, ConvolutionShape shape, Buffer dWeight, @Nullable Buffer dBias);
}
