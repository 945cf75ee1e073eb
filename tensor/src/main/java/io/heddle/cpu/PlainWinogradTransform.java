package io.heddle.cpu;

/** The maps in plain Java: the specification, and what is left of a run for {@link VectorWinogradTransform}. */
final class PlainWinogradTransform implements WinogradTransform {
    @Override
    public void input(float[] x, int[] at, int channels, float[] v, int vAt, int vStep) {
        input(x, at, 0, channels, v, vAt, vStep);
    }

    static void input(float[] x, int[] at, int first, int channels, float[] v, int vAt, int vStep) {
        for (int c = first; c < channels; c++) {
            float d00 = x[at[0] + c];
            float d10 = x[at[4] + c];
            float d20 = x[at[8] + c];
            float d30 = x[at[12] + c];
            float t00 = d00 - d20;
            float t10 = d10 + d20;
            float t20 = d20 - d10;
            float t30 = d10 - d30;
            float d01 = x[at[1] + c];
            float d11 = x[at[5] + c];
            float d21 = x[at[9] + c];
            float d31 = x[at[13] + c];
            float t01 = d01 - d21;
            float t11 = d11 + d21;
            float t21 = d21 - d11;
            float t31 = d11 - d31;
            float d02 = x[at[2] + c];
            float d12 = x[at[6] + c];
            float d22 = x[at[10] + c];
            float d32 = x[at[14] + c];
            float t02 = d02 - d22;
            float t12 = d12 + d22;
            float t22 = d22 - d12;
            float t32 = d12 - d32;
            float d03 = x[at[3] + c];
            float d13 = x[at[7] + c];
            float d23 = x[at[11] + c];
            float d33 = x[at[15] + c];
            float t03 = d03 - d23;
            float t13 = d13 + d23;
            float t23 = d23 - d13;
            float t33 = d13 - d33;
            v[vAt + c] = t00 - t02;
            v[vAt + vStep + c] = t01 + t02;
            v[vAt + 2 * vStep + c] = t02 - t01;
            v[vAt + 3 * vStep + c] = t01 - t03;
            v[vAt + 4 * vStep + c] = t10 - t12;
            v[vAt + 5 * vStep + c] = t11 + t12;
            v[vAt + 6 * vStep + c] = t12 - t11;
            v[vAt + 7 * vStep + c] = t11 - t13;
            v[vAt + 8 * vStep + c] = t20 - t22;
            v[vAt + 9 * vStep + c] = t21 + t22;
            v[vAt + 10 * vStep + c] = t22 - t21;
            v[vAt + 11 * vStep + c] = t21 - t23;
            v[vAt + 12 * vStep + c] = t30 - t32;
            v[vAt + 13 * vStep + c] = t31 + t32;
            v[vAt + 14 * vStep + c] = t32 - t31;
            v[vAt + 15 * vStep + c] = t31 - t33;
        }
    }

    @Override
    public void output(float[] m, int mAt, int mStep, int channels, float[] y) {
        output(m, mAt, mStep, 0, channels, y);
    }

    static void output(float[] m, int mAt, int mStep, int first, int channels, float[] y) {
        for (int c = first; c < channels; c++) {
            float m00 = m[mAt + c];
            float m10 = m[mAt + 4 * mStep + c];
            float m20 = m[mAt + 8 * mStep + c];
            float m30 = m[mAt + 12 * mStep + c];
            float s00 = m00 + m10 + m20;
            float s10 = m10 - m20 - m30;
            float m01 = m[mAt + mStep + c];
            float m11 = m[mAt + 5 * mStep + c];
            float m21 = m[mAt + 9 * mStep + c];
            float m31 = m[mAt + 13 * mStep + c];
            float s01 = m01 + m11 + m21;
            float s11 = m11 - m21 - m31;
            float m02 = m[mAt + 2 * mStep + c];
            float m12 = m[mAt + 6 * mStep + c];
            float m22 = m[mAt + 10 * mStep + c];
            float m32 = m[mAt + 14 * mStep + c];
            float s02 = m02 + m12 + m22;
            float s12 = m12 - m22 - m32;
            float m03 = m[mAt + 3 * mStep + c];
            float m13 = m[mAt + 7 * mStep + c];
            float m23 = m[mAt + 11 * mStep + c];
            float m33 = m[mAt + 15 * mStep + c];
            float s03 = m03 + m13 + m23;
            float s13 = m13 - m23 - m33;
            y[c] = s00 + s01 + s02;
            y[channels + c] = s01 - s02 - s03;
            y[2 * channels + c] = s10 + s11 + s12;
            y[3 * channels + c] = s11 - s12 - s13;
        }
    }

    @Override
    public void outputGradient(float[] dy, int[] at, int channels, float[] dm, int dmAt, int dmStep) {
        outputGradient(dy, at, 0, channels, dm, dmAt, dmStep);
    }

    static void outputGradient(float[] dy, int[] at, int first, int channels, float[] dm, int dmAt, int dmStep) {
        for (int c = first; c < channels; c++) {
            float y00 = dy[at[0] + c];
            float y01 = dy[at[1] + c];
            float y10 = dy[at[2] + c];
            float y11 = dy[at[3] + c];
            float s10 = y00 + y10;
            float s20 = y00 - y10;
            float s30 = -y10;
            float s11 = y01 + y11;
            float s21 = y01 - y11;
            float s31 = -y11;
            dm[dmAt + c] = y00;
            dm[dmAt + dmStep + c] = y00 + y01;
            dm[dmAt + 2 * dmStep + c] = y00 - y01;
            dm[dmAt + 3 * dmStep + c] = -y01;
            dm[dmAt + 4 * dmStep + c] = s10;
            dm[dmAt + 5 * dmStep + c] = s10 + s11;
            dm[dmAt + 6 * dmStep + c] = s10 - s11;
            dm[dmAt + 7 * dmStep + c] = -s11;
            dm[dmAt + 8 * dmStep + c] = s20;
            dm[dmAt + 9 * dmStep + c] = s20 + s21;
            dm[dmAt + 10 * dmStep + c] = s20 - s21;
            dm[dmAt + 11 * dmStep + c] = -s21;
            dm[dmAt + 12 * dmStep + c] = s30;
            dm[dmAt + 13 * dmStep + c] = s30 + s31;
            dm[dmAt + 14 * dmStep + c] = s30 - s31;
            dm[dmAt + 15 * dmStep + c] = -s31;
        }
    }
}
