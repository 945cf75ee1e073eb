package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.testkit.Tolerances;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GemmTest {
    private static final int[][] AWKWARD = {{1, 1, 1}, {1, 33, 7}, {33, 1, 9}, {7, 5, 3}, {6, 32, 320}, {65, 47, 321}, {121, 70, 13}, {5, 700, 650}};

    @ParameterizedTest
    @EnumSource
    void product_matchesDoubleArithmetic_forEveryTransposition(GemmChoice choice) {
        Gemm gemm = choice.open();
        Random random = new Random(7);
        for (int[] size : AWKWARD) {
            for (int flags = 0; flags < 4; flags++) {
                Matrix a = matrix(random, size[0], size[2], (flags & 1) != 0);
                Matrix b = matrix(random, size[2], size[1], (flags & 2) != 0);
                Matrix c = matrix(random, size[0], size[1], false);
                double[] expected = product(1.5, a, b, -0.5, c);
                double[] magnitude = product(1.5, magnitude(a), magnitude(b), 0.5, magnitude(c));
                gemm.multiply(1.5f, a, b, -0.5f, c);
                assertClose(c, expected, magnitude, size[2]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void betaZero_ignoresWhatTheResultHeld(GemmChoice choice) {
        Random random = new Random(8);
        Matrix a = matrix(random, 9, 20, false);
        Matrix b = matrix(random, 20, 35, true);
        Matrix c = matrix(random, 9, 35, false);
        Arrays.fill(c.array(), Float.NaN);
        choice.open().multiply(1, a, b, 0, c);
        for (int i = 0; i < 9; i++) {
            for (int j = 0; j < 35; j++) {
                assertThat(at(c, i, j)).isFinite();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void product_leavesElementsAroundTheResult(GemmChoice choice) {
        Random random = new Random(9);
        Matrix c = matrix(random, 13, 18, false);
        float[] before = c.array().clone();
        choice.open().multiply(1, matrix(random, 13, 11, false), matrix(random, 11, 18, false), 1, c);
        for (int i = 0; i < before.length; i++) {
            int row = Math.floorDiv(i - c.offset(), c.stride());
            boolean inside = i >= c.offset() && row < 13 && (i - c.offset()) % c.stride() < 18;
            assertThat(c.array()[i] != before[i]).as("element %d", i).isEqualTo(inside);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bits_doNotDependOnThePlaceInMemory(GemmChoice choice) {
        Gemm gemm = choice.open();
        for (int[] size : new int[][] {{1, 130, 70}, {130, 1, 70}, {20, 33, 64}, {64, 64, 64}, {100, 200, 400}}) {
            float[] expected = null;
            for (int shift = 0; shift < 17; shift += 1 + shift / 3) {
                Random random = new Random(10);
                Matrix a = shifted(random, size[0], size[2], shift);
                Matrix b = shifted(random, size[1], size[2], 2 * shift).transpose();
                Matrix c = shifted(random, size[0], size[1], 3 * shift);
                gemm.multiply(1, a, b, 1, c);
                float[] bits = Arrays.copyOfRange(c.array(), c.offset(), c.offset() + size[0] * size[1]);
                expected = expected == null ? bits : expected;
                assertThat(bits).as("%s at offset %d", Arrays.toString(size), shift).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void largeProduct_isCutWithoutSeams(GemmChoice choice) {
        Random random = new Random(11);
        Matrix a = matrix(random, 300, 1100, false);
        Matrix b = matrix(random, 1100, 650, true);
        Matrix c = matrix(random, 300, 650, false);
        double[] expected = product(1, a, b, 0, c);
        choice.open().multiply(1, a, b, 0, c);
        assertClose(c, expected, product(1, magnitude(a), magnitude(b), 0, c), 1100);
    }

    @ParameterizedTest
    @EnumSource
    void sizesThatDoNotFit_areRefused(GemmChoice choice) {
        Matrix a = Matrix.of(new float[6], 0, 2, 3);
        Matrix b = Matrix.of(new float[8], 0, 4, 2);
        assertThatThrownBy(() -> choice.open().multiply(1, a, b, 0, Matrix.of(new float[4], 0, 2, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, 3] and [4, 2]");
    }

    private static Matrix matrix(Random random, int rows, int columns, boolean transposed) {
        int storedRows = transposed ? columns : rows;
        int storedColumns = transposed ? rows : columns;
        int stride = storedColumns + random.nextInt(4);
        int offset = random.nextInt(5);
        return new Matrix(gaussian(random, offset + storedRows * stride), offset, rows, columns, stride, transposed);
    }

    private static Matrix shifted(Random random, int rows, int columns, int offset) {
        float[] array = new float[offset + rows * columns];
        System.arraycopy(gaussian(random, rows * columns), 0, array, offset, rows * columns);
        return Matrix.of(array, offset, rows, columns);
    }

    private static float[] gaussian(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Matrix magnitude(Matrix x) {
        float[] array = x.array().clone();
        for (int i = 0; i < array.length; i++) {
            array[i] = Math.abs(array[i]);
        }
        return new Matrix(array, x.offset(), x.rows(), x.columns(), x.stride(), x.transposed());
    }

    private static float at(Matrix x, int i, int j) {
        return x.array()[x.offset() + (x.transposed() ? j * x.stride() + i : i * x.stride() + j)];
    }

    private static double[] product(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        double[] result = new double[c.rows() * c.columns()];
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                double sum = 0;
                for (int p = 0; p < a.columns(); p++) {
                    sum += (double) at(a, i, p) * at(b, p, j);
                }
                result[i * c.columns() + j] = alpha * sum + (beta == 0 ? 0 : beta * at(c, i, j));
            }
        }
        return result;
    }

    private static void assertClose(Matrix c, double[] expected, double[] magnitude, int k) {
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                int n = i * c.columns() + j;
                assertThat(Math.abs(at(c, i, j) - expected[n]))
                        .as("element %d, %d of %d x %d x %d", i, j, c.rows(), c.columns(), k)
                        .isLessThanOrEqualTo((k + 3) * Tolerances.UNIT_ROUNDOFF * magnitude[n]);
            }
        }
    }
}
