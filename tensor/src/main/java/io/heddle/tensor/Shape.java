package io.heddle.tensor;

import java.util.Arrays;

/** The dimensions of a tensor, immutable; the last one varies fastest. Prints as {@code [2, 8, 4096, 77]}; a scalar is {@code []}. */
public final class Shape {
    /** The shape of a single number. */
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;

    private Shape(int[] dims) {
        this.dims = dims;
    }

    /**
     * A shape of the given dimensions.
     *
     * @throws ShapeException if a dimension is negative
     */
    public static Shape of(int... dims) {
        for (int dim : dims) {
            if (dim < 0) {
                throw new ShapeException("a shape has no negative dimensions, but got " + Arrays.toString(dims));
            }
        }
        return new Shape(dims.clone());
    }

    /** The number of axes. */
    public int rank() {
        return dims.length;
    }

    /** The length of an axis; negative axes count from the end. */
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /** The dimensions as an array of the caller's own. */
    public int[] dims() {
        return dims.clone();
    }

    /** The number of elements. */
    public long size() {
        return product(0, dims.length);
    }

    /** The index from the front of an axis that may be counted from the end. */
    public int axis(int axis) {
        int index = axis < 0 ? axis + dims.length : axis;
        if (index < 0 || index >= dims.length) {
            throw new ShapeException("axis " + axis + " does not exist in shape " + this);
        }
        return index;
    }

    /** The product of the dimensions before an axis. */
    public long before(int axis) {
        return product(0, axis(axis));
    }

    /** The product of the dimensions after an axis. */
    public long after(int axis) {
        return product(axis(axis) + 1, dims.length);
    }

    /** This shape with another length of one axis. */
    public Shape with(int axis, int length) {
        int[] changed = dims.clone();
        changed[axis(axis)] = length;
        return of(changed);
    }

    /**
     * The shape of an operation on both, by NumPy's rule: aligned at the end, a dimension of one repeats.
     *
     * @throws ShapeException if two dimensions differ and neither is one
     */
    public Shape broadcast(Shape other) {
        int rank = Math.max(rank(), other.rank());
        int[] result = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int a = i <= rank() ? dims[rank() - i] : 1;
            int b = i <= other.rank() ? other.dims[other.rank() - i] : 1;
            if (a != b && a != 1 && b != 1) {
                throw new ShapeException("shapes " + this + " and " + other + " do not broadcast: " + a + " against " + b);
            }
            result[rank - i] = a == 1 ? b : a;
        }
        return new Shape(result);
    }

    private long product(int from, int to) {
        long product = 1;
        for (int i = from; i < to; i++) {
            product = Math.multiplyExact(product, (long) dims[i]);
        }
        return product;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
