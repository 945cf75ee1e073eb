package io.heddle.cpu;

import io.heddle.spi.Buffer;

/**
 * A matrix inside a Java array: element (i, j) lies at {@code offset + i·stride + j}, or at {@code offset + j·stride + i} if it is transposed.
 *
 * @param array where it lies
 * @param offset index of the first element
 * @param rows rows of the matrix, as seen after transposition
 * @param columns columns of the matrix, as seen after transposition
 * @param stride distance between stored rows
 * @param transposed whether it is stored transposed
 */
record Matrix(float[] array, int offset, int rows, int columns, int stride, boolean transposed) {
    Matrix {
        int storedRows = transposed ? columns : rows;
        int storedColumns = transposed ? rows : columns;
        long end = offset + (storedRows - 1L) * stride + storedColumns;
        if (offset < 0 || rows < 0 || columns < 0 || stride < storedColumns || storedRows > 0 && end > array.length) {
            throw new IndexOutOfBoundsException("a matrix of " + storedRows + " x " + storedColumns + " with stride " + stride + " at " + offset
                    + " does not fit into an array of " + array.length);
        }
    }

    /** A matrix as it is stored. */
    static Matrix of(float[] array, int offset, int rows, int columns, int stride) {
        return new Matrix(array, offset, rows, columns, stride, false);
    }

    /** A matrix that fills its rows. */
    static Matrix of(float[] array, int offset, int rows, int columns) {
        return new Matrix(array, offset, rows, columns, columns, false);
    }

    /** The whole of a buffer. */
    static Matrix of(Buffer buffer, long rows, int columns) {
        HeapBuffer heap = HeapBuffer.of(buffer, rows * columns);
        return of(heap.array(), heap.offset(), (int) rows, columns, columns);
    }

    /** The same elements, rows and columns exchanged. */
    Matrix transpose() {
        return new Matrix(array, offset, columns, rows, stride, !transposed);
    }

    /** Rows {@code from … from + count − 1}. */
    Matrix rows(int from, int count) {
        return new Matrix(array, offset + (transposed ? from : from * stride), count, columns, stride, transposed);
    }

    /** Columns {@code from … from + count − 1}. */
    Matrix columns(int from, int count) {
        return new Matrix(array, offset + (transposed ? from * stride : from), rows, count, stride, transposed);
    }
}
