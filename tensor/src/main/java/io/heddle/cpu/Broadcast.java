package io.heddle.cpu;

import io.heddle.spi.BinaryOp;
import java.util.Arrays;

/**
 * How two operands repeat to fill a result: NumPy's broadcasting with neighbouring dimensions merged wherever both operands treat them alike, so that
 * equal shapes are one run, a bias is a run for each row, and so on.
 *
 * @param sizes merged dimensions of the result, the last one being the run
 * @param aSteps distance in {@code a} from one index to the next; 0 where it repeats
 * @param bSteps likewise in {@code b}
 */
record Broadcast(int[] sizes, int[] aSteps, int[] bSteps) {
    /** A repeated element is written out so often at a time. */
    private static final int REPEATS = 1024;

    /**
     * Compares the shapes.
     *
     * @throws IllegalArgumentException if {@code outDims} is not the broadcast of the others
     */
    static Broadcast of(int[] aDims, int[] bDims, int[] outDims) {
        int rank = outDims.length;
        int[] sizes = new int[rank + 1];
        int[] aSteps = new int[rank + 1];
        int[] bSteps = new int[rank + 1];
        int first = rank + 1;
        int aSize = 1;
        int bSize = 1;
        for (int i = 1; i <= rank; i++) {
            int size = outDims[rank - i];
            int aDim = dim(aDims, i);
            int bDim = dim(bDims, i);
            boolean aFits = aDim == size || aDim == 1 && bDim == size;
            boolean bFits = bDim == size || bDim == 1 && aDim == size;
            if (Math.max(aDims.length, bDims.length) > rank || !aFits || !bFits) {
                throw new IllegalArgumentException(
                        Arrays.toString(aDims) + " and " + Arrays.toString(bDims) + " do not broadcast to " + Arrays.toString(outDims));
            }
            if (size != 1) {
                int aStep = aDim == 1 ? 0 : aSize;
                int bStep = bDim == 1 ? 0 : bSize;
                if (first <= rank && continues(aStep, aSteps[first], sizes[first]) && continues(bStep, bSteps[first], sizes[first])) {
                    sizes[first] *= size;
                } else {
                    first--;
                    sizes[first] = size;
                    aSteps[first] = aStep;
                    bSteps[first] = bStep;
                }
            }
            aSize *= aDim;
            bSize *= bDim;
        }
        if (first > rank) {
            return new Broadcast(new int[] {1}, new int[] {1}, new int[] {1});
        }
        return new Broadcast(
                Arrays.copyOfRange(sizes, first, rank + 1),
                Arrays.copyOfRange(aSteps, first, rank + 1),
                Arrays.copyOfRange(bSteps, first, rank + 1));
    }

    private static int dim(int[] dims, int fromEnd) {
        return fromEnd > dims.length ? 1 : dims[dims.length - fromEnd];
    }

    private static boolean continues(int step, int innerStep, int innerSize) {
        return step == innerStep * innerSize;
    }

    /** Elements {@code from … from + count − 1} of the result. */
    void run(Kernels kernels, BinaryOp op, HeapBuffer a, HeapBuffer b, HeapBuffer out, int from, int count) {
        int last = sizes.length - 1;
        float[] repeated = new float[aSteps[last] == 0 || bSteps[last] == 0 ? Math.min(REPEATS, sizes[last]) : 0];
        int at = from;
        while (at < from + count) {
            int run = at / sizes[last];
            int column = at % sizes[last];
            int n = Math.min(sizes[last] - column, from + count - at);
            int aAt = a.offset() + start(run, aSteps) + column * aSteps[last];
            int bAt = b.offset() + start(run, bSteps) + column * bSteps[last];
            int outAt = out.offset() + at;
            if (repeated.length == 0) {
                kernels.binary(op, a.array(), aAt, b.array(), bAt, out.array(), outAt, n);
            } else if (aSteps[last] == 0) {
                Arrays.fill(repeated, 0, Math.min(n, repeated.length), a.array()[aAt]);
                for (int i = 0; i < n; i += repeated.length) {
                    kernels.binary(op, repeated, 0, b.array(), bAt + i, out.array(), outAt + i, Math.min(repeated.length, n - i));
                }
            } else {
                Arrays.fill(repeated, 0, Math.min(n, repeated.length), b.array()[bAt]);
                for (int i = 0; i < n; i += repeated.length) {
                    kernels.binary(op, a.array(), aAt + i, repeated, 0, out.array(), outAt + i, Math.min(repeated.length, n - i));
                }
            }
            at += n;
        }
    }

    private int start(int run, int[] steps) {
        int start = 0;
        int rest = run;
        for (int axis = sizes.length - 2; axis >= 0; axis--) {
            start += rest % sizes[axis] * steps[axis];
            rest /= sizes[axis];
        }
        return start;
    }
}
