package io.heddle.spi;

import io.heddle.spi.LinearKernels.LinearShape;

/**
 * The sizes of one convolution.
 *
 * @param rows batch rows
 * @param input extent of the input
 * @param in input channels
 * @param out output channels
 * @param kernel extent of the kernel
 * @param stride step in both directions, 1 or more
 * @param padding zeros around the input
 */
public record ConvolutionShape(int rows, Extent input, int in, int out, Extent kernel, int stride, Padding padding) {
    /** The extent of the output; below 1 where the padded input is smaller than the kernel. */
    public Extent output() {
        return new Extent(
                Math.floorDiv(input.height() + padding.top() + padding.bottom() - kernel.height(), stride) + 1,
                Math.floorDiv(input.width() + padding.left() + padding.right() - kernel.width(), stride) + 1);
    }

    /** Whether this is a linear layer on each cell alone. */
    public boolean isLinear() {
        return kernel.cells() == 1 && stride == 1 && padding.equals(Padding.NONE);
    }

    /** That linear layer's sizes. */
    public LinearShape asLinear() {
        return new LinearShape(rows, input.cells(), in, out);
    }

    /** The same of another number of rows. */
    public ConvolutionShape ofRows(int count) {
        return new ConvolutionShape(count, input, in, out, kernel, stride, padding);
    }

    /**
     * Zeros around a picture.
     *
     * @param top rows above
     * @param left columns on the left
     * @param bottom rows below
     * @param right columns on the right
     */
    public record Padding(int top, int left, int bottom, int right) {
        /** No padding. */
        public static final Padding NONE = new Padding(0, 0, 0, 0);

        /** The same number of zeros on every side. */
        public static Padding all(int size) {
            return new Padding(size, size, size, size);
        }
    }
}
