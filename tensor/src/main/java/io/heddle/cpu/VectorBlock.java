package io.heddle.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost product with the Vector API: six rows by two vectors, held in registers. An element is summed over ascending k with fused
 * multiply-adds, so its bits do not depend on where in a block it lies.
 */
final class VectorBlock {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Rows of a block. */
    static final int ROWS = 6;

    /** Columns of a block. */
    static final int COLUMNS = 2 * LANES;

    private VectorBlock() {}

    /**
     * {@code c = a·b [+ c]}. The twelve sums are local variables, or they would not stay in registers.
     *
     * @param a {@code [6, k]}, rows {@code aStride} apart
     * @param b {@code [k, COLUMNS]}, rows adjacent
     * @param c {@code [6, COLUMNS]}, rows {@code cStride} apart
     */
    static void multiply(int k, float[] a, int aAt, int aStride, float[] b, int bAt, boolean accumulate, float[] c, int cAt, int cStride) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c00 = zero;
        FloatVector c01 = zero;
        FloatVector c10 = zero;
        FloatVector c11 = zero;
        FloatVector c20 = zero;
        FloatVector c21 = zero;
        FloatVector c30 = zero;
        FloatVector c31 = zero;
        FloatVector c40 = zero;
        FloatVector c41 = zero;
        FloatVector c50 = zero;
        FloatVector c51 = zero;
        int at1 = aAt + aStride;
        int at2 = at1 + aStride;
        int at3 = at2 + aStride;
        int at4 = at3 + aStride;
        int at5 = at4 + aStride;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + p * COLUMNS);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + p * COLUMNS + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt + p]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[at1 + p]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[at2 + p]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[at3 + p]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[at4 + p]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[at5 + p]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
        }
        if (accumulate) {
            c00 = c00.add(FloatVector.fromArray(SPECIES, c, cAt));
            c01 = c01.add(FloatVector.fromArray(SPECIES, c, cAt + LANES));
            c10 = c10.add(FloatVector.fromArray(SPECIES, c, cAt + cStride));
            c11 = c11.add(FloatVector.fromArray(SPECIES, c, cAt + cStride + LANES));
            c20 = c20.add(FloatVector.fromArray(SPECIES, c, cAt + 2 * cStride));
            c21 = c21.add(FloatVector.fromArray(SPECIES, c, cAt + 2 * cStride + LANES));
            c30 = c30.add(FloatVector.fromArray(SPECIES, c, cAt + 3 * cStride));
            c31 = c31.add(FloatVector.fromArray(SPECIES, c, cAt + 3 * cStride + LANES));
            c40 = c40.add(FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride));
            c41 = c41.add(FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride + LANES));
            c50 = c50.add(FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride));
            c51 = c51.add(FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride + LANES));
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + LANES);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + LANES);
        c50.intoArray(c, cAt + 5 * cStride);
        c51.intoArray(c, cAt + 5 * cStride + LANES);
    }
}
