package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.Convolution;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.Extent;
import org.jspecify.annotations.Nullable;

/** Convolution as a product of patches that are gathered on the way into shared memory, halves on tensor cores; 1x1 kernels are linear layers. */
final class CudaConvolution implements Convolution {
    /** A block computes a square tile of the product with so many rows and columns. */
    private static final int TILE = 64;
    private static final int THREADS = 256;

    private final KernelLibrary kernels;
    private final CudaLinear linear;
    private final CudaReduction reduction;

    CudaConvolution(KernelLibrary kernels, CudaLinear linear, CudaReduction reduction) {
        this.kernels = kernels;
        this.linear = linear;
        this.reduction = reduction;
    }

    @Override
    public void forward(
            Buffer x, Buffer weight, long version, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y) {
        if (shape.isLinear()) {
            linear.linear(x, weight, bias, residual, shape.asLinear(), y);
        } else {
            boolean half = HalfTiles.fit(shape.in(), shape.out(), x, weight, bias, residual, y);
            byParts(shape, shape.output(), (first, part) -> {
                long cells = (long) part.rows() * part.output().cells();
                HalfTiles tiles = HalfTiles.of(cells, part.out());
                kernels.launch(half ? "convolution_half_" + tiles.edge() : "convolution")
                        .buffer(inputs(x, first, part))
                        .buffer(weight)
                        .buffer(bias)
                        .buffer(residual == null ? null : outputs(residual, first, part))
                        .buffer(outputs(y, first, part))
                        .structure(words(part))
                        .run(half ? tiles.grid() : tiles(part.out(), cells));
            });
        }
    }

    @Override
    public void inputGradient(Buffer dy, Buffer weight, long version, ConvolutionShape shape, Buffer dx) {
        if (shape.isLinear()) {
            linear.linearInputGradient(dy, weight, shape.asLinear(), dx);
        } else {
            byParts(shape, shape.input(), (first, part) -> kernels.launch("convolution_input_gradient")
                    .buffer(outputs(dy, first, part))
                    .buffer(weight)
                    .buffer(inputs(dx, first, part))
                    .structure(words(part))
                    .run(tiles(part.in(), (long) part.rows() * part.input().cells())));
        }
    }

    @Override
    public void weightGradient(Buffer x, Buffer dy, ConvolutionShape shape, Buffer dWeight, @Nullable Buffer dBias) {
        if (shape.isLinear()) {
            linear.linearWeightGradient(x, dy, shape.asLinear(), dWeight, dBias);
            return;
        }
        kernels.launch("convolution_weight_gradient")
                .buffer(x)
                .buffer(dy)
                .buffer(dWeight)
                .structure(words(shape))
                .run(tiles(shape.kernel().cells() * shape.in(), shape.out()));
        if (dBias != null) {
            reduction.sumOfRows(dy, Math.multiplyExact(shape.rows(), shape.output().cells()), shape.out(), dBias);
        }
    }

    /** What is done to some rows of the batch. */
    @FunctionalInterface
    private interface Part {
        void run(int first, ConvolutionShape shape);
    }

    /** As many rows at a time as a grid reaches. */
    private static void byParts(ConvolutionShape shape, Extent result, Part part) {
        int rows = Math.max(1, (int) Math.min(shape.rows(), (long) Grid.MOST * TILE / Math.max(1, result.cells())));
        for (int first = 0; first < shape.rows(); first += rows) {
            part.run(first, shape.ofRows(Math.min(rows, shape.rows() - first)));
        }
    }

    private static Buffer inputs(Buffer all, int first, ConvolutionShape part) {
        long row = (long) part.input().cells() * part.in();
        return all.slice(first * row, part.rows() * row);
    }

    private static Buffer outputs(Buffer all, int first, ConvolutionShape part) {
        long row = (long) part.output().cells() * part.out();
        return all.slice(first * row, part.rows() * row);
    }

    private static Grid tiles(int columns, long rows) {
        return new Grid(Grid.blocks(columns, TILE), Grid.blocks(rows, TILE), 1, THREADS, 1);
    }

    private static int[] words(ConvolutionShape shape) {
        return new int[] {
            shape.rows(),
            shape.input().height(),
            shape.input().width(),
            shape.in(),
            shape.output().height(),
            shape.output().width(),
            shape.out(),
            shape.kernel().height(),
            shape.kernel().width(),
            shape.stride(),
            shape.padding().top(),
            shape.padding().left()
        };
    }
}
