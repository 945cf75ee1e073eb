package io.heddle.testkit.reference;

/**
 * The elements of a row-major array by their coordinates.
 *
 * @param dims dimensions; none for a scalar
 */
record Grid(int... dims) {
    long size() {
        long size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        return size;
    }

    /** The coordinates of the element at {@code offset}. */
    int[] coordinates(long offset) {
        int[] coordinates = new int[dims.length];
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            coordinates[axis] = (int) (offset % dims[axis]);
            offset /= dims[axis];
        }
        return coordinates;
    }

    /** The offset of the element at {@code coordinates}, which may have more axes in front; axes of one element repeat, as NumPy broadcasts. */
    long offset(int... coordinates) {
        int missing = coordinates.length - dims.length;
        long offset = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            offset = offset * dims[axis] + (dims[axis] == 1 ? 0 : coordinates[missing + axis]);
        }
        return offset;
    }
}
