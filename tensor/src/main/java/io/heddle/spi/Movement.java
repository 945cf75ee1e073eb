package io.heddle.spi;

/** Copies that re-arrange. */
public interface Movement {
    /** {@code out} axis {@code i} is {@code x} axis {@code axes[i]}. */
    void permute(Buffer x, int[] dims, int[] axes, Buffer out);

    /**
     * Copies a box along one axis: {@code out[o, outStart + j, i] = x[o, xStart + j, i]} for {@code j < count}, other elements of {@code out} stay.
     * Slicing and concatenation are made of it.
     *
     * @param outer the product of the dimensions before the axis
     * @param inner the product of the dimensions after the axis
     */
    void copyAlongAxis(Buffer x, AxisRange from, Buffer out, AxisRange to, long outer, int count, long inner);

    /** {@code out[n] = x[index[n]]} for rows of {@code width} elements. */
    void gatherRows(Buffer x, int width, int[] index, Buffer out);

    /** {@code out[index[n]] += x[n]} for rows of {@code width} elements, in ascending order of {@code n}. */
    void scatterAddRowsInPlace(Buffer x, int width, int[] index, Buffer out);

    /**
     * Nearest-neighbour resize: the source index of row {@code y} is {@code ⌊y·in/out⌋} in exact integer arithmetic.
     *
     * @param x {@code [rows, from.height, from.width, channels]}
     * @param out {@code [rows, to.height, to.width, channels]}
     */
    void resizeNearest(Buffer x, int rows, Extent from, Extent to, int channels, Buffer out);

    /** The gradient of {@link #resizeNearest}: sums {@code dy} over the destinations that read an element. */
    void resizeNearestGradient(Buffer dy, int rows, Extent from, Extent to, int channels, Buffer dx);

    /**
     * A position on an axis.
     *
     * @param start the first index
     * @param size the length of the axis
     */
    record AxisRange(int start, int size) {}
}
