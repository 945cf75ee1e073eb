package io.heddle.editing;

import io.heddle.random.TorchGenerator;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;

/** Latents between the channels-last layout of computation and PyTorch's channels-first layout of files and random numbers. */
public final class Latents {
    private Latents() {}

    /**
     * The noise that PyTorch's CPU generator draws for a seed, {@code torch.randn(rows, channels, height, width)}.
     *
     * @return {@code [rows, height, width, channels]} of unit variance
     */
    public static Tensor noise(Device device, long seed, int rows, Extent size, int channels) {
        float[] drawn = new TorchGenerator(seed).randn(rows * channels * size.cells());
        return fromChannelsFirst(device, Shape.of(rows, channels, size.height(), size.width()), drawn);
    }

    /** Elements of shape {@code [rows, channels, height, width]} as a tensor {@code [rows, height, width, channels]}. */
    public static Tensor fromChannelsFirst(Device device, Shape shape, float... elements) {
        return device.inFloat32(() -> device.tidy(() -> device.tensor(shape, elements).permute(0, 2, 3, 1)));
    }

    /** The elements of {@code [rows, height, width, channels]} in channels-first order. */
    public static float[] toChannelsFirst(Tensor latents) {
        try (Tensor permuted = latents.device().inFloat32(() -> latents.permute(0, 3, 1, 2))) {
            return permuted.toArray();
        }
    }
}
