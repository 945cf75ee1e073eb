package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Optimisation.AdamStep;
import io.heddle.spi.UnaryOp;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The twins do the same; neither cares where a run lies. */
class KernelsTest {
    private static final int[] AWKWARD = {0, 1, 2, 3, 7, 8, 13, 16, 17, 31, 33, 64, 77, 207, 1031};
    private static final int LONGEST = 1031;
    private static final int MARGIN = 19;

    private final Kernels plain = KernelChoice.named("plain");
    private Kernels vector = plain;

    @BeforeEach
    void openVectorKernels() {
        assumeTrue(VectorApi.AVAILABLE, "skipped: the Vector API is off, so there are no twins to compare");
        vector = KernelChoice.named("vector");
    }

    @ParameterizedTest
    @EnumSource
    void unary_andItsDerivative_haveTheSameBitsInBothTwins(UnaryOp op) {
        float[] x = special(normals(1, 10));
        for (int n : AWKWARD) {
            compare(op + " of " + n, kernels -> y -> kernels.unary(op, x, 5, y, 3, n));
            compare(op + "' of " + n, kernels -> y -> kernels.derivative(op, x, 5, y, 3, n));
        }
    }

    @ParameterizedTest
    @EnumSource
    void unary_ofAnElement_doesNotDependOnItsPlace(UnaryOp op) {
        float[] x = special(normals(2, 10));
        float[] all = new float[x.length];
        vector.unary(op, x, 0, all, 0, x.length);
        for (int from = 0; from < 40; from++) {
            float[] some = new float[77];
            vector.unary(op, x, from, some, 0, some.length);
            TensorAssert.assertSameBits(op + " from " + from, some, Arrays.copyOfRange(all, from, from + some.length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void binary_hasTheSameBitsInBothTwins(BinaryOp op) {
        float[] a = special(normals(3, 1));
        float[] b = normals(4, 1);
        for (int n : AWKWARD) {
            compare(op + " of " + n, kernels -> y -> kernels.binary(op, a, 2, b, 7, y, 1, n));
        }
    }

    @Test
    void arithmetic_hasTheSameBitsInBothTwins() {
        float[] x = normals(5, 3);
        float[] mean = normals(6, 1);
        float[] scale = normals(7, 1);
        float[] shift = normals(8, 1);
        for (int n : AWKWARD) {
            compare("affine of " + n, kernels -> y -> kernels.affine(x, 4, 1.7f, -0.3f, y, 2, n));
            compare("standardize " + n, kernels -> y -> kernels.standardize(x, 4, 0.1234567890123, 2.5f, y, 2, n));
            compare("standardizeEach " + n, kernels -> y -> kernels.standardizeEach(x, 4, mean, scale, shift, y, 2, n));
            compare("softmaxGradient " + n, kernels -> y -> kernels.softmaxGradient(x, 1, mean, 2, 0.7f, y, 3, n));
        }
    }

    @Test
    void adam_hasTheSameBitsInBothTwins() {
        AdamStep step = new AdamStep(3, 0.01, 0.9, 0.999, 1e-8, 0.1);
        for (int n : AWKWARD) {
            List<float[]> states = IntStream.range(0, 2).mapToObj(i -> {
                float[] state = normals(9, 1);
                float[] moments = new float[2 * LONGEST];
                float[] gradient = normals(10, 1e-3);
                Kernels kernels = i == 0 ? plain : vector;
                kernels.adam(step, state, 1, gradient, 2, moments, 0, moments, LONGEST, n);
                kernels.adam(step, state, 1, gradient, 5, moments, 0, moments, LONGEST, n);
                float[] all = Arrays.copyOf(state, state.length + moments.length);
                System.arraycopy(moments, 0, all, state.length, moments.length);
                return all;
            }).toList();
            TensorAssert.assertSameBits("Adam of " + n, states.get(1), states.get(0));
        }
    }

    @Test
    void sums_areThoseOfDoubleArithmetic_andDependOnTheirRunAlone() {
        for (int n : AWKWARD) {
            float[] a = normals(11, 1);
            float[] b = normals(12, 1);
            double[] sum = {IntStream.range(3, 3 + n).mapToDouble(i -> a[i]).sum(), IntStream.range(3, 3 + n).mapToDouble(i -> Math.abs(a[i])).sum()};
            double[] dot = {
                IntStream.range(3, 3 + n).mapToDouble(i -> (double) a[i] * b[i]).sum(),
                IntStream.range(3, 3 + n).mapToDouble(i -> Math.abs((double) a[i] * b[i])).sum()
            };
            float[] moved = new float[a.length + 9];
            System.arraycopy(a, 3, moved, 8, n);
            for (Kernels kernels : List.of(plain, vector)) {
                assertRounded(kernels.name() + ", sum of " + n, kernels.sum(a, 3, n), sum);
                assertRounded(kernels.name() + ", dot of " + n, kernels.dot(a, 3, b, 3, n), dot);
                assertThat(kernels.sum(moved, 8, n)).isEqualTo(kernels.sum(a, 3, n));
                assertThat(kernels.dot(moved, 8, b, 3, n)).isEqualTo(kernels.dot(a, 3, b, 3, n));
            }
        }
    }

    @Test
    void accumulate_addsSumsAndProducts() {
        for (int n : AWKWARD) {
            float[] a = normals(13, 1);
            float[] b = normals(14, 1);
            for (Kernels kernels : List.of(plain, vector)) {
                double[] sums = new double[n];
                double[] products = new double[n];
                Arrays.fill(sums, 0.5);
                kernels.accumulate(a, 3, b, 6, sums, products, n);
                for (int i = 0; i < n; i++) {
                    assertThat(sums[i]).isEqualTo(0.5 + a[3 + i]);
                    assertThat(products[i]).isEqualTo((double) a[3 + i] * b[6 + i]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 16, 17, 32, 48, 77, 130})
    void rowsOfScores_becomeExponentials(int columns) {
        int rows = 3;
        int stride = columns + 4;
        float[] x = normals(15, 20);
        for (Kernels kernels : List.of(plain, vector)) {
            float[] maxima = {Float.NEGATIVE_INFINITY, 1000, Float.NEGATIVE_INFINITY};
            kernels.maxima(Matrix.of(x, 2, rows, columns, stride), maxima);
            assertThat(maxima[1]).isEqualTo(1000);
            float[] y = x.clone();
            double[] sums = {0, 7, 0};
            kernels.exponentials(Matrix.of(x, 2, rows, columns, stride), maxima, Matrix.of(y, 2, rows, columns, stride), sums);
            for (int row = 0; row < rows; row += 2) {
                double sum = 0;
                float max = Float.NEGATIVE_INFINITY;
                for (int i = 2 + row * stride; i < 2 + row * stride + columns; i++) {
                    max = Math.max(max, x[i]);
                    assertThat(y[i]).isEqualTo(ScalarMath.decay(x[i] - maxima[row]));
                    sum += y[i];
                }
                assertThat(maxima[row]).isEqualTo(max);
                TensorAssert.assertClose("sum of row " + row, new double[] {sums[row]}, new double[] {sum}, Tolerances.sum(columns + 1));
                assertThat(y[2 + row * stride + columns]).as("what follows the row").isEqualTo(x[2 + row * stride + columns]);
            }
            assertThat(sums[1]).as("e^−1000 is 0").isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 17, 32, 37})
    void columnsOfScores_becomeExponentials(int columns) {
        int stride = columns + 2;
        for (int rows : new int[] {1, 2, 4, 7, 12}) {
            float[] x = normals(17, 20);
            for (Kernels kernels : List.of(plain, vector)) {
                float[] maxima = new float[columns + 3];
                Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
                double[] sums = new double[columns + 3];
                float[] y = x.clone();
                kernels.columnMaxima(Matrix.of(y, 5, rows, columns, stride), maxima, 3);
                kernels.columnExponentials(Matrix.of(y, 5, rows, columns, stride), maxima, sums, 3);
                for (int column = 0; column < columns; column++) {
                    float max = Float.NEGATIVE_INFINITY;
                    double sum = 0;
                    for (int row = 0; row < rows; row++) {
                        int at = 5 + row * stride + column;
                        max = Math.max(max, x[at]);
                        assertThat(y[at]).isEqualTo(ScalarMath.decay(x[at] - maxima[3 + column]));
                        sum += y[at];
                    }
                    assertThat(maxima[3 + column]).isEqualTo(max);
                    TensorAssert.assertClose("column " + column, new double[] {sums[3 + column]}, new double[] {sum}, Tolerances.sum(rows + 1));
                }
                assertThat(y[5 + columns]).as("what follows the row").isEqualTo(x[5 + columns]);
            }
        }
    }

    @Test
    void scaleColumnsAndAdd_hasTheSameBitsInBothTwins() {
        float[] x = normals(18, 1);
        float[] factors = normals(19, 1);
        for (int columns : new int[] {1, 16, 37}) {
            compare(columns + " columns", kernels -> y -> {
                System.arraycopy(x, 0, y, 0, y.length);
                kernels.scaleColumnsAndAdd(Matrix.of(y, 3, 5, columns, columns + 1), factors, Matrix.of(x, 300, 5, columns, columns + 2));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 31, 76})
    void maxima_ofARowWithNaN_areNaN(int place) {
        float[] x = normals(16, 1);
        x[place] = Float.NaN;
        for (Kernels kernels : List.of(plain, vector)) {
            float[] maxima = {0};
            kernels.maxima(Matrix.of(x, 0, 1, 77), maxima);
            assertThat(maxima[0]).isNaN();
            float[] columnMaxima = new float[11];
            kernels.columnMaxima(Matrix.of(x, 0, 7, 11), columnMaxima, 0);
            assertThat(columnMaxima[place % 11]).isNaN();
        }
    }

    @Test
    void unknownKernels_areRefused() {
        assertThatThrownBy(() -> KernelChoice.named("fast"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Dheddle.kernels=fast is unknown; expected vector or plain");
    }

    private interface Call {
        Consumer<float[]> of(Kernels kernels);
    }

    private void compare(String what, Call call) {
        float[] expected = new float[LONGEST + MARGIN];
        float[] actual = new float[LONGEST + MARGIN];
        call.of(plain).accept(expected);
        call.of(vector).accept(actual);
        TensorAssert.assertSameBits(what, actual, expected);
    }

    /** {@code expected}: the sum in double, and that of the terms' magnitudes. */
    private static void assertRounded(String what, double actual, double[] expected) {
        TensorAssert.assertClose(what, new double[] {actual}, new double[] {expected[0]}, new double[] {expected[1]}, Tolerances.ROUNDED_ONCE);
    }

    private static float[] normals(long seed, double deviation) {
        Random random = new Random(seed);
        float[] values = new float[LONGEST + MARGIN];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    /** Among ordinary values those where functions change their form. */
    private static float[] special(float[] x) {
        float[] values = {0, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_NORMAL, Float.MAX_VALUE,
            -Float.MAX_VALUE, 88.7f, 88.73f, -87.3f, -87.4f, -103.9f, -104.1f, 0.625f, -0.62f, 13, -13.3f};
        for (int i = 0; i < values.length; i++) {
            x[5 + 3 * i] = values[i];
            x[LONGEST - 2 * i] = values[i];
        }
        return x;
    }
}
