package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels;
import org.jspecify.annotations.Nullable;

/** Linear layers and matrix products. */
final class CudaLinear implements LinearKernels {
    private final Products products;
    private final CudaReduction reduction;

    CudaLinear(Products products, CudaReduction reduction) {
        this.products = products;
        this.reduction = reduction;
    }

    @Override
    public void linear(Buffer x, Buffer weight, @Nullable Buffer bias, @Nullable Buffer residual, LinearShape shape, Buffer y) {
        MatmulShape product = new MatmulShape(shape.rows(), shape.tokens(), shape.out(), shape.in(), false, true);
        products.multiply(x, weight, true, bias, residual, product, y);
    }

    @Override
    public void linearInputGradient(Buffer dy, Buffer weight, LinearShape shape, Buffer dx) {
        MatmulShape product = new MatmulShape(shape.rows(), shape.tokens(), shape.in(), shape.out(), false, false);
        products.multiply(dy, weight, true, null, null, product, dx);
    }

    @Override
    public void linearWeightGradient(Buffer x, Buffer dy, LinearShape shape, Buffer dWeight, @Nullable Buffer dBias) {
        int positions = Math.multiplyExact(shape.rows(), shape.tokens());
        products.multiply(dy, x, false, null, null, new MatmulShape(1, shape.out(), shape.in(), positions, true, false), dWeight);
        if (dBias != null) {
            reduction.sumOfRows(dy, positions, shape.out(), dBias);
        }
    }

    @Override
    public void matmul(Buffer a, Buffer b, MatmulShape shape, Buffer c) {
        products.multiply(a, b, false, null, null, shape, c);
    }
}
