package io.heddle.cpu;

/** Copies that exchange rows and columns, a square at a time and in it four columns at a time, so that every line of the target is filled in one go. */
final class Transposition {
    private static final int SQUARE = 32;

    private Transposition() {}

    /** {@code to[j, i] = from[i, j]}, both matrices taken as they are stored. */
    static void copy(Matrix from, Matrix to) {
        for (int first = 0; first < from.columns(); first += SQUARE) {
            int end = Math.min(first + SQUARE, from.columns());
            for (int i = 0; i < from.rows(); i += SQUARE) {
                int n = Math.min(SQUARE, from.rows() - i);
                int source = from.offset() + i * from.stride();
                int target = to.offset() + i;
                int j = first;
                for (; j <= end - 4; j += 4) {
                    copyFour(from.array(), source + j, from.stride(), to.array(), target + j * to.stride(), to.stride(), n);
                }
                for (; j < end; j++) {
                    copyOne(from.array(), source + j, from.stride(), to.array(), target + j * to.stride(), n);
                }
            }
        }
    }

    private static void copyFour(float[] from, int source, int stride, float[] to, int row0, int rowStep, int n) {
        int row1 = row0 + rowStep;
        int row2 = row1 + rowStep;
        int row3 = row2 + rowStep;
        int at = source;
        for (int i = 0; i < n; i++) {
            to[row0 + i] = from[at];
            to[row1 + i] = from[at + 1];
            to[row2 + i] = from[at + 2];
            to[row3 + i] = from[at + 3];
            at += stride;
        }
    }

    private static void copyOne(float[] from, int source, int stride, float[] to, int row, int n) {
        for (int i = 0; i < n; i++) {
            to[row + i] = from[source + i * stride];
        }
    }
}
