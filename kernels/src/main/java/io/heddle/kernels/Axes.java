package io.heddle.kernels;

import java.util.Arrays;

/**
 * Dimensions with the distances from one index to the next in one or two operands, as kernels receive them.
 *
 * @param dims sizes, the outermost first
 * @param a steps in the first operand; 0 where it repeats
 * @param b steps in the second operand
 */
record Axes(int[] dims, int[] a, int[] b) {
    /** The most dimensions that the kernels know. */
    private static final int RANK = 8;

    Axes {
        if (dims.length > RANK) {
            throw new IllegalArgumentException(Arrays.toString(dims) + " are more dimensions than the CUDA backend knows, which are " + RANK);
        }
    }

    static Axes of(int[] dims, int[] steps) {
        return new Axes(dims, steps, new int[dims.length]);
    }

    /** The structure that kernels receive. */
    int[] words() {
        int[] words = new int[1 + 3 * RANK];
        words[0] = dims.length;
        System.arraycopy(dims, 0, words, 1, dims.length);
        System.arraycopy(a, 0, words, 1 + RANK, a.length);
        System.arraycopy(b, 0, words, 1 + 2 * RANK, b.length);
        return words;
    }

    /** The same elements with as few dimensions as possible: those of size one go, and neighbours that both operands traverse in one run become one. */
    Axes merged() {
        int[] sizes = new int[dims.length];
        int[] first = new int[dims.length];
        int[] second = new int[dims.length];
        int count = 0;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 1) {
                continue;
            }
            if (count > 0 && first[count - 1] == a[i] * dims[i] && second[count - 1] == b[i] * dims[i]) {
                count--;
                sizes[count] *= dims[i];
            } else {
                sizes[count] = dims[i];
            }
            first[count] = a[i];
            second[count++] = b[i];
        }
        return new Axes(Arrays.copyOf(sizes, count), Arrays.copyOf(first, count), Arrays.copyOf(second, count));
    }

    /** The number of elements. */
    int size() {
        return elements(dims);
    }

    /** The number of elements of dimensions. */
    static int elements(int... dims) {
        int elements = 1;
        for (int dim : dims) {
            elements = Math.multiplyExact(elements, dim);
        }
        return elements;
    }

    /** The steps of a contiguous row-major operand. */
    static int[] steps(int[] dims) {
        int[] steps = new int[dims.length];
        int step = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            steps[i] = step;
            step = Math.multiplyExact(step, dims[i]);
        }
        return steps;
    }
}
