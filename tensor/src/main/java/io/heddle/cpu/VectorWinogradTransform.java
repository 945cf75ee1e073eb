package io.heddle.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The maps with the Vector API, along channels. */
final class VectorWinogradTransform implements WinogradTransform {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    @Override
    public void input(float[] x, int[] at, int channels, float[] v, int vAt, int vStep) {
        int whole = SPECIES.loopBound(channels);
        for (int c = 0; c < whole; c += SPECIES.length()) {
            FloatVector d00 = FloatVector.fromArray(SPECIES, x, at[0] + c);
            FloatVector d10 = FloatVector.fromArray(SPECIES, x, at[4] + c);
            FloatVector d20 = FloatVector.fromArray(SPECIES, x, at[8] + c);
            FloatVector d30 = FloatVector.fromArray(SPECIES, x, at[12] + c);
            FloatVector t00 = d00.sub(d20);
            FloatVector t10 = d10.add(d20);
            FloatVector t20 = d20.sub(d10);
            FloatVector t30 = d10.sub(d30);
            FloatVector d01 = FloatVector.fromArray(SPECIES, x, at[1] + c);
            FloatVector d11 = FloatVector.fromArray(SPECIES, x, at[5] + c);
            FloatVector d21 = FloatVector.fromArray(SPECIES, x, at[9] + c);
            FloatVector d31 = FloatVector.fromArray(SPECIES, x, at[13] + c);
            FloatVector t01 = d01.sub(d21);
            FloatVector t11 = d11.add(d21);
            FloatVector t21 = d21.sub(d11);
            FloatVector t31 = d11.sub(d31);
            FloatVector d02 = FloatVector.fromArray(SPECIES, x, at[2] + c);
            FloatVector d12 = FloatVector.fromArray(SPECIES, x, at[6] + c);
            FloatVector d22 = FloatVector.fromArray(SPECIES, x, at[10] + c);
            FloatVector d32 = FloatVector.fromArray(SPECIES, x, at[14] + c);
            FloatVector t02 = d02.sub(d22);
            FloatVector t12 = d12.add(d22);
            FloatVector t22 = d22.sub(d12);
            FloatVector t32 = d12.sub(d32);
            FloatVector d03 = FloatVector.fromArray(SPECIES, x, at[3] + c);
            FloatVector d13 = FloatVector.fromArray(SPECIES, x, at[7] + c);
            FloatVector d23 = FloatVector.fromArray(SPECIES, x, at[11] + c);
            FloatVector d33 = FloatVector.fromArray(SPECIES, x, at[15] + c);
            FloatVector t03 = d03.sub(d23);
            FloatVector t13 = d13.add(d23);
            FloatVector t23 = d23.sub(d13);
            FloatVector t33 = d13.sub(d33);
            t00.sub(t02).intoArray(v, vAt + c);
            t01.add(t02).intoArray(v, vAt + vStep + c);
            t02.sub(t01).intoArray(v, vAt + 2 * vStep + c);
            t01.sub(t03).intoArray(v, vAt + 3 * vStep + c);
            t10.sub(t12).intoArray(v, vAt + 4 * vStep + c);
            t11.add(t12).intoArray(v, vAt + 5 * vStep + c);
            t12.sub(t11).intoArray(v, vAt + 6 * vStep + c);
            t11.sub(t13).intoArray(v, vAt + 7 * vStep + c);
            t20.sub(t22).intoArray(v, vAt + 8 * vStep + c);
            t21.add(t22).intoArray(v, vAt + 9 * vStep + c);
            t22.sub(t21).intoArray(v, vAt + 10 * vStep + c);
            t21.sub(t23).intoArray(v, vAt + 11 * vStep + c);
            t30.sub(t32).intoArray(v, vAt + 12 * vStep + c);
            t31.add(t32).intoArray(v, vAt + 13 * vStep + c);
            t32.sub(t31).intoArray(v, vAt + 14 * vStep + c);
            t31.sub(t33).intoArray(v, vAt + 15 * vStep + c);
        }
        PlainWinogradTransform.input(x, at, whole, channels, v, vAt, vStep);
    }

    @Override
    public void output(float[] m, int mAt, int mStep, int channels, float[] y) {
        int whole = SPECIES.loopBound(channels);
        for (int c = 0; c < whole; c += SPECIES.length()) {
            FloatVector m00 = FloatVector.fromArray(SPECIES, m, mAt + c);
            FloatVector m10 = FloatVector.fromArray(SPECIES, m, mAt + 4 * mStep + c);
            FloatVector m20 = FloatVector.fromArray(SPECIES, m, mAt + 8 * mStep + c);
            FloatVector m30 = FloatVector.fromArray(SPECIES, m, mAt + 12 * mStep + c);
            FloatVector s00 = m00.add(m10).add(m20);
            FloatVector s10 = m10.sub(m20).sub(m30);
            FloatVector m01 = FloatVector.fromArray(SPECIES, m, mAt + mStep + c);
            FloatVector m11 = FloatVector.fromArray(SPECIES, m, mAt + 5 * mStep + c);
            FloatVector m21 = FloatVector.fromArray(SPECIES, m, mAt + 9 * mStep + c);
            FloatVector m31 = FloatVector.fromArray(SPECIES, m, mAt + 13 * mStep + c);
            FloatVector s01 = m01.add(m11).add(m21);
            FloatVector s11 = m11.sub(m21).sub(m31);
            FloatVector m02 = FloatVector.fromArray(SPECIES, m, mAt + 2 * mStep + c);
            FloatVector m12 = FloatVector.fromArray(SPECIES, m, mAt + 6 * mStep + c);
            FloatVector m22 = FloatVector.fromArray(SPECIES, m, mAt + 10 * mStep + c);
            FloatVector m32 = FloatVector.fromArray(SPECIES, m, mAt + 14 * mStep + c);
            FloatVector s02 = m02.add(m12).add(m22);
            FloatVector s12 = m12.sub(m22).sub(m32);
            FloatVector m03 = FloatVector.fromArray(SPECIES, m, mAt + 3 * mStep + c);
            FloatVector m13 = FloatVector.fromArray(SPECIES, m, mAt + 7 * mStep + c);
            FloatVector m23 = FloatVector.fromArray(SPECIES, m, mAt + 11 * mStep + c);
            FloatVector m33 = FloatVector.fromArray(SPECIES, m, mAt + 15 * mStep + c);
            FloatVector s03 = m03.add(m13).add(m23);
            FloatVector s13 = m13.sub(m23).sub(m33);
            s00.add(s01).add(s02).intoArray(y, c);
            s01.sub(s02).sub(s03).intoArray(y, channels + c);
            s10.add(s11).add(s12).intoArray(y, 2 * channels + c);
            s11.sub(s12).sub(s13).intoArray(y, 3 * channels + c);
        }
        PlainWinogradTransform.output(m, mAt, mStep, whole, channels, y);
    }

    @Override
    public void outputGradient(float[] dy, int[] at, int channels, float[] dm, int dmAt, int dmStep) {
        int whole = SPECIES.loopBound(channels);
        for (int c = 0; c < whole; c += SPECIES.length()) {
            FloatVector y00 = FloatVector.fromArray(SPECIES, dy, at[0] + c);
            FloatVector y01 = FloatVector.fromArray(SPECIES, dy, at[1] + c);
            FloatVector y10 = FloatVector.fromArray(SPECIES, dy, at[2] + c);
            FloatVector y11 = FloatVector.fromArray(SPECIES, dy, at[3] + c);
            FloatVector s10 = y00.add(y10);
            FloatVector s20 = y00.sub(y10);
            FloatVector s30 = y10.neg();
            FloatVector s11 = y01.add(y11);
            FloatVector s21 = y01.sub(y11);
            FloatVector s31 = y11.neg();
            y00.intoArray(dm, dmAt + c);
            y00.add(y01).intoArray(dm, dmAt + dmStep + c);
            y00.sub(y01).intoArray(dm, dmAt + 2 * dmStep + c);
            y01.neg().intoArray(dm, dmAt + 3 * dmStep + c);
            s10.intoArray(dm, dmAt + 4 * dmStep + c);
            s10.add(s11).intoArray(dm, dmAt + 5 * dmStep + c);
            s10.sub(s11).intoArray(dm, dmAt + 6 * dmStep + c);
            s11.neg().intoArray(dm, dmAt + 7 * dmStep + c);
            s20.intoArray(dm, dmAt + 8 * dmStep + c);
            s20.add(s21).intoArray(dm, dmAt + 9 * dmStep + c);
            s20.sub(s21).intoArray(dm, dmAt + 10 * dmStep + c);
            s21.neg().intoArray(dm, dmAt + 11 * dmStep + c);
            s30.intoArray(dm, dmAt + 12 * dmStep + c);
            s30.add(s31).intoArray(dm, dmAt + 13 * dmStep + c);
            s30.sub(s31).intoArray(dm, dmAt + 14 * dmStep + c);
            s31.neg().intoArray(dm, dmAt + 15 * dmStep + c);
        }
        PlainWinogradTransform.outputGradient(dy, at, whole, channels, dm, dmAt, dmStep);
    }
}
