package io.heddle.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.Backend;
import io.heddle.spi.BinaryOp;
import io.heddle.spi.Buffer;
import io.heddle.spi.UnaryOp;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.Tolerance;
import io.heddle.testkit.Tolerances;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

interface PointwiseContract extends Contract {
    /** One element, a few vectors with a rest, and enough to be divided among threads. */
    int[] LENGTHS = {1, 37, 17_003};

    /** Pairs of shapes that broadcast. */
    List<int[][]> BROADCASTS = List.of(
            new int[][] {{37}, {37}, {37}},
            new int[][] {{3, 5}, {5}, {3, 5}},
            new int[][] {{3, 1}, {1, 5}, {3, 5}},
            new int[][] {{}, {4}, {4}},
            new int[][] {{}, {}, {}},
            new int[][] {{2, 3, 4}, {1, 3, 1}, {2, 3, 4}},
            new int[][] {{2, 1, 3, 1}, {4, 1, 5}, {2, 4, 3, 5}},
            new int[][] {{2, 5, 7, 33}, {2, 1, 1, 33}, {2, 5, 7, 33}},
            new int[][] {{17_003}, {1}, {17_003}},
            new int[][] {{33}, {65, 33}, {65, 33}});

    @ParameterizedTest
    @EnumSource
    default void unary_computesItsFunction(UnaryOp op) {
        for (int length : LENGTHS) {
            Trial trial = trial("unary " + op, length);
            trial.rowInput(domain(op, trial.normals(length * ROWS)))
                    .rowOutput(length, tolerance(op))
                    .check((backend, rows, t) -> backend.pointwise().unary(op, t[0], t[1]));
        }
    }

    @ParameterizedTest
    @EnumSource
    default void unary_ofNaN_isNaN(UnaryOp op) {
        assertThat(unary(op, Float.NaN)).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "EXP, 0, 1", "EXP, 100, Infinity", "EXP, -200, 0", "EXP, -Infinity, 0", "EXP, Infinity, Infinity", "LOG, 1, 0", "LOG, 0, -Infinity",
        "LOG, -1, NaN", "LOG, Infinity, Infinity", "SQRT, -1, NaN", "RECIPROCAL, Infinity, 0", "SIGMOID, -200, 0", "SIGMOID, 200, 1", "TANH, 100, 1",
        "TANH, -100, -1", "SILU, 200, 200", "SILU, -200, 0", "GELU, 30, 30", "GELU, -30, 0", "QUICK_GELU, 200, 200", "QUICK_GELU, -200, 0"
    })
    default void unary_reachesItsLimits(UnaryOp op, float x, float y) {
        assertThat(Float.valueOf(unary(op, x) + 0.0f)).isEqualTo(Float.valueOf(y));
    }

    @ParameterizedTest
    @EnumSource
    default void unaryGradient_isTheDerivative(UnaryOp op) {
        for (int length : LENGTHS) {
            Trial trial = trial("unaryGradient " + op, length);
            trial.rowInput(domain(op, trial.normals(length * ROWS)))
                    .rowInput(length)
                    .rowOutput(length, gradientTolerance(op))
                    .check((backend, rows, t) -> backend.pointwise().unaryGradient(op, t[0], t[1], t[2]));
        }
    }

    @ParameterizedTest
    @EnumSource
    default void binary_broadcasts(BinaryOp op) {
        for (int[][] dims : BROADCASTS) {
            trial("binary " + op, Arrays.deepToString(dims))
                    .input(elements(dims[0]))
                    .input(elements(dims[1]))
                    .output(elements(dims[2]), tolerance(op))
                    .check((backend, rows, t) -> backend.pointwise().binary(op, t[0], dims[0], t[1], dims[1], t[2], dims[2]));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 37, 20_003})
    default void binary_ofRows_isTheSameInAnyBatch(int length) {
        trial("binary with a shared operand", length)
                .rowInput(length)
                .input(length)
                .rowOutput(length, Tolerances.ROUNDED_ONCE)
                .check((backend, rows, t) -> backend.pointwise()
                        .binary(BinaryOp.MULTIPLY, t[0], new int[] {rows, length}, t[1], new int[] {length}, t[2], new int[] {rows, length}));
    }

    @Test
    default void binary_ofABufferWithItself_isAllowed() {
        trial("binary of one buffer")
                .rowInput(37)
                .rowOutput(37, Tolerances.ROUNDED_ONCE)
                .check((backend, rows, t) -> {
                    int[] dims = {rows, 37};
                    backend.pointwise().binary(BinaryOp.MULTIPLY, t[0], dims, t[0], dims, t[1], dims);
                });
    }

    @Test
    default void greater_isZeroForEqualsAndNaN() {
        trial("greater")
                .input(new float[] {1, 2, 3, Float.NaN, 1, Float.NaN, 0.0f})
                .input(new float[] {2, 2, 2, 1, Float.NaN, Float.NaN, -0.0f})
                .output(7, Tolerances.EXACT)
                .check((backend, rows, t) -> {
                    int[] dims = {7};
                    backend.pointwise().binary(BinaryOp.GREATER, t[0], dims, t[1], dims, t[2], dims);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 37, 17_003})
    default void affine_scalesAndShifts(int length) {
        trial("affine", length)
                .rowInput(length)
                .rowOutput(length, Tolerances.ROUNDED_TWICE)
                .sumsProducts()
                .check((backend, rows, t) -> backend.pointwise().affine(t[0], 1.7f, 0.3f, t[1]));
    }

    @Test
    default void clamp_andItsGradient_includeTheLimits() {
        float[] x = {-3, -1, -0.999f, 0, 1.499f, 1.5f, 1.501f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        trial("clamp")
                .input(x)
                .output(x.length, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.pointwise().clamp(t[0], -1, 1.5f, t[1]));
        trial("clampGradient")
                .input(x)
                .input(x.length)
                .output(x.length, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.pointwise().clampGradient(t[0], -1, 1.5f, t[1], t[2]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 37, 17_003})
    default void clamp_ofRows_isTheSameInAnyBatch(int length) {
        trial("clamp", length)
                .rowInput(length)
                .rowOutput(length, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.pointwise().clamp(t[0], -0.5f, 0.25f, t[1]));
        trial("clampGradient", length)
                .rowInput(length)
                .rowInput(length)
                .rowOutput(length, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.pointwise().clampGradient(t[0], -0.5f, 0.25f, t[1], t[2]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 5", "3, 33", "7, 129", "40, 320"})
    default void geglu_gatesTheFirstHalfWithTheSecond(int runs, int width) {
        trial("geglu", runs, width)
                .rowInput(runs * 2 * width)
                .rowOutput(runs * width, Tolerances.SATURATING)
                .check((backend, rows, t) -> backend.pointwise().geglu(t[0], width, t[1]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 5", "3, 33", "7, 129", "40, 320"})
    default void gegluGradient_isTheDerivative(int runs, int width) {
        trial("gegluGradient", runs, width)
                .rowInput(runs * 2 * width)
                .rowInput(runs * width)
                .rowOutput(runs * 2 * width, Tolerances.SATURATING)
                .check((backend, rows, t) -> backend.pointwise().gegluGradient(t[0], width, t[1], t[2]));
    }

    private float unary(UnaryOp op, float x) {
        Backend backend = backends().single();
        try (Buffers buffers = new Buffers(backend)) {
            Buffer out = buffers.allocate(1);
            backend.pointwise().unary(op, buffers.of(x), out);
            return buffers.read(out)[0];
        }
    }

    private static float[] domain(UnaryOp op, float[] values) {
        if (op == UnaryOp.LOG || op == UnaryOp.SQRT) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.abs(values[i]) + 0.01f;
            }
        }
        return values;
    }

    private static Tolerance tolerance(UnaryOp op) {
        return switch (op) {
            case NEGATE, ABS -> Tolerances.EXACT;
            case SQRT, SQUARE, RECIPROCAL -> Tolerances.ROUNDED_ONCE;
            case EXP, LOG -> Tolerances.TRANSCENDENTAL;
            case SIGMOID, TANH, SILU, GELU, QUICK_GELU -> Tolerances.SATURATING;
        };
    }

    private static Tolerance gradientTolerance(UnaryOp op) {
        return switch (op) {
            case NEGATE, ABS -> Tolerances.EXACT;
            case EXP, LOG, SQRT, SQUARE, RECIPROCAL -> Tolerances.TRANSCENDENTAL;
            case SIGMOID, TANH, SILU, GELU, QUICK_GELU -> Tolerances.SATURATING;
        };
    }

    private static Tolerance tolerance(BinaryOp op) {
        return switch (op) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> Tolerances.ROUNDED_ONCE;
            case MINIMUM, MAXIMUM, GREATER -> Tolerances.EXACT;
        };
    }

    private static int elements(int... dims) {
        return Arrays.stream(dims).reduce(1, Math::multiplyExact);
    }
}
