package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.Convolution;
import io.heddle.spi.ConvolutionShape;
import org.jspecify.annotations.Nullable;

/**
 * Convolution by cuDNN, a call for each row of the batch, so that a row has the same bits in any. Kernels of our own do what cuDNN does not: products in
 * disguise (1x1), padding that differs between opposite sides, and what it has no algorithm for.
 */
final class CudnnConvolution implements Convolution {
    private final Cudnn cudnn;
    private final CudaConvolution own;
    private final DeviceMemory memory;
    private final CudaPointwise pointwise;
    private final CudaReduction reduction;

    CudnnConvolution(Cudnn cudnn, CudaConvolution own, DeviceMemory memory, CudaPointwise pointwise, CudaReduction reduction) {
        this.cudnn = cudnn;
        this.own = own;
        this.memory = memory;
        this.pointwise = pointwise;
        this.reduction = reduction;
    }

    @Override
    public void forward(
            Buffer x, Buffer weight, long version, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y) {
        ConvolutionShape row = shape.ofRows(1);
        if (!fits(CudnnDirection.FORWARD, row)) {
            own.forward(x, weight, version, bias, residual, shape, y);
            return;
        }
        for (int i = 0; i < shape.rows(); i++) {
            run(CudnnDirection.FORWARD, row, row(x, i, shape), weight, row(y, i, shape));
        }
        pointwise.addBiasAndResidual(bias, residual, shape.out(), y);
    }

    @Override
    public void inputGradient(Buffer dy, Buffer weight, long version, ConvolutionShape shape, Buffer dx) {
        ConvolutionShape row = shape.ofRows(1);
        if (!fits(CudnnDirection.INPUT_GRADIENT, row)) {
            own.inputGradient(dy, weight, version, shape, dx);
            return;
        }
        for (int i = 0; i < shape.rows(); i++) {
            run(CudnnDirection.INPUT_GRADIENT, row, row(dy, i, shape), weight, row(dx, i, shape));
        }
    }

    @Override
    public void weightGradient(Buffer x, Buffer dy, ConvolutionShape shape, Buffer dWeight, @Nullable Buffer dBias) {
        if (!fits(CudnnDirection.WEIGHT_GRADIENT, shape)) {
            own.weightGradient(x, dy, shape, dWeight, dBias);
            return;
        }
        run(CudnnDirection.WEIGHT_GRADIENT, shape, x, dy, dWeight);
        if (dBias != null) {
            reduction.sumOfRows(dy, Math.multiplyExact(shape.rows(), shape.output().cells()), shape.out(), dBias);
        }
    }

    private boolean fits(CudnnDirection direction, ConvolutionShape shape) {
        boolean symmetric = shape.padding().top() == shape.padding().bottom() && shape.padding().left() == shape.padding().right();
        return symmetric && !shape.isLinear() && cudnn.supports(direction, shape);
    }

    private void run(CudnnDirection direction, ConvolutionShape shape, Buffer a, Buffer b, Buffer result) {
        try (AlignedOperands operands = new AlignedOperands(memory)) {
            cudnn.run(direction, shape, operands.read(a), operands.read(b), operands.written(result));
        }
    }

    /** Row {@code i} of a batch. */
    private static Buffer row(Buffer batch, int i, ConvolutionShape shape) {
        long length = batch.length() / shape.rows();
        return batch.slice(i * length, length);
    }
}
