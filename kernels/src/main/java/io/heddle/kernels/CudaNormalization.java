package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.Normalization;
import org.jspecify.annotations.Nullable;

/** Normalisation, a block for each group and a warp for each run. */
final class CudaNormalization implements Normalization {
    private static final int WARP = 32;
    private static final int WARPS = 8;
    private static final int FORWARD_THREADS = 512;
    private static final int GRADIENT_THREADS = 256;

    private final KernelLibrary kernels;
    private final DeviceMemory memory;

    CudaNormalization(KernelLibrary kernels, DeviceMemory memory) {
        this.kernels = kernels;
        this.memory = memory;
    }

    @Override
    public void groupNorm(
            Buffer x, Buffer gamma, Buffer beta, GroupNormShape shape, float epsilon, boolean silu, Buffer y, Buffer statistics) {
        kernels.launch("group_norm")
                .buffer(x)
                .buffer(gamma)
                .buffer(beta)
                .buffer(y)
                .buffer(statistics)
                .integer(shape.cells())
                .integer(shape.channels())
                .integer(shape.groups())
                .real(epsilon)
                .integer(silu ? 1 : 0)
                .run(new Grid(shape.groups(), shape.rows(), 1, FORWARD_THREADS, 1));
    }

    @Override
    public void groupNormGradient(
            Buffer x,
            Buffer gamma,
            Buffer beta,
            GroupNormShape shape,
            boolean silu,
            Buffer statistics,
            Buffer dy,
            @Nullable Buffer dx,
            @Nullable Buffer dGamma,
            @Nullable Buffer dBeta) {
        DeviceBuffer sums = memory.allocate(2L * shape.rows() * shape.channels());
        gradient("group_norm_channel_sums", x, gamma, beta, statistics, dy)
                .buffer(sums)
                .integer(shape.cells())
                .integer(shape.channels())
                .integer(shape.groups())
                .integer(silu ? 1 : 0)
                .run(new Grid(Grid.blocks(shape.channels(), WARP), shape.rows(), 1, WARP, WARPS));
        if (dx != null) {
            gradient("group_norm_input_gradient", x, gamma, beta, statistics, dy)
                    .buffer(sums)
                    .buffer(dx)
                    .integer(shape.cells())
                    .integer(shape.channels())
                    .integer(shape.groups())
                    .integer(silu ? 1 : 0)
                    .run(new Grid(shape.groups(), shape.rows(), 1, GRADIENT_THREADS, 1));
        }
        if (dGamma != null || dBeta != null) {
            kernels.launch("group_norm_parameter_gradient")
                    .buffer(sums)
                    .buffer(dGamma)
                    .buffer(dBeta)
                    .integer(shape.rows())
                    .integer(shape.channels())
                    .run(Grid.pointwise(shape.channels()));
        }
        memory.release(sums);
    }

    private Launch gradient(String kernel, Buffer x, Buffer gamma, Buffer beta, Buffer statistics, Buffer dy) {
        return kernels.launch(kernel).buffer(x).buffer(gamma).buffer(beta).buffer(statistics).buffer(dy);
    }

    @Override
    public void layerNorm(Buffer x, Buffer gamma, Buffer beta, int width, float epsilon, Buffer y, Buffer statistics) {
        int runs = Math.toIntExact(x.length() / width);
        kernels.launch("layer_norm")
                .buffer(x)
                .buffer(gamma)
                .buffer(beta)
                .buffer(y)
                .buffer(statistics)
                .integer(width)
                .real(epsilon)
                .integer(runs)
                .run(CudaReduction.ofRuns(runs));
    }

    @Override
    public void layerNormGradient(
            Buffer x,
            Buffer gamma,
            int width,
            Buffer statistics,
            Buffer dy,
            @Nullable Buffer dx,
            @Nullable Buffer dGamma,
            @Nullable Buffer dBeta) {
        int runs = Math.toIntExact(x.length() / width);
        if (dx != null) {
            kernels.launch("layer_norm_input_gradient")
                    .buffer(x)
                    .buffer(gamma)
                    .buffer(statistics)
                    .buffer(dy)
                    .buffer(dx)
                    .integer(width)
                    .integer(runs)
                    .run(CudaReduction.ofRuns(runs));
        }
        if (dGamma != null || dBeta != null) {
            kernels.launch("layer_norm_parameter_gradient")
                    .buffer(x)
                    .buffer(statistics)
                    .buffer(dy)
                    .buffer(dGamma)
                    .buffer(dBeta)
                    .integer(width)
                    .integer(runs)
                    .run(new Grid(Grid.blocks(width, WARP), 1, 1, WARP, WARPS));
        }
    }
}
