package io.heddle.cpu;

/**
 * The right operand of a product, cut into panels of adjacent columns; in each panel rows are adjacent. The last panel is filled up.
 *
 * @param array where the panels lie, one after the other
 * @param rows rows of the operand
 * @param width columns of a panel
 */
record Panels(float[] array, int rows, int width) {
    /** Rows that are packed together while their cache lines are at hand. */
    private static final int STRIP = 16;

    /** Elements of the panels of an operand. */
    static int elements(int rows, int columns, int width) {
        return Math.multiplyExact(rows, Math.ceilDiv(columns, width) * width);
    }

    /** Panel {@code index}, {@code [rows, width]}. */
    Matrix panel(int index) {
        return Matrix.of(array, index * rows * width, rows, width);
    }

    /** Writes panel {@code index} of {@code b}. */
    void pack(Matrix b, int index) {
        int first = index * width;
        int columns = Math.min(width, b.columns() - first);
        int to = index * rows * width;
        if (b.transposed()) {
            for (int p = 0; p < rows; p += STRIP) {
                transpose(b.rows(p, Math.min(STRIP, rows - p)).columns(first, columns), to + p * width);
            }
        } else {
            for (int p = 0; p < rows; p++) {
                System.arraycopy(b.array(), b.offset() + p * b.stride() + first, array, to + p * width, columns);
            }
        }
    }

    private void transpose(Matrix strip, int to) {
        for (int j = 0; j < strip.columns(); j++) {
            int from = strip.offset() + j * strip.stride();
            for (int p = 0; p < strip.rows(); p++) {
                array[to + p * width + j] = strip.array()[from + p];
            }
        }
    }
}
