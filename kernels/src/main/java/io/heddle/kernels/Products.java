package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels.MatmulShape;
import org.jspecify.annotations.Nullable;

/** Products of dense row-major matrices. */
interface Products extends AutoCloseable {
    /** What computes, for reports. */
    String name();

    /**
     * {@code c[i] = op(a[i])·op(b[i]) [+ bias] [+ residual[i]]} for {@code i < batch}, each with the same bits in any batch.
     *
     * @param shared whether all products have the one {@code b}
     * @param bias {@code [n]} or null
     * @param residual of the shape of {@code c}, or null
     */
    void multiply(Buffer a, Buffer b, boolean shared, @Nullable Buffer bias, @Nullable Buffer residual, MatmulShape shape, Buffer c);

    @Override
    default void close() {}
}
