package io.heddle.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.Tolerances;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

interface ReductionContract extends Contract {
    @ParameterizedTest
    @CsvSource({"1, 1", "5, 7", "37, 1", "1, 37", "130, 33", "33, 1030"})
    default void sum_withinRows_sumsTheChosenAxes(int n, int c) {
        trial("sum of the middle axis", n, c)
                .rowInput(n * c)
                .rowOutput(c, Tolerances.sum(n))
                .sumsProducts()
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {rows, n, c}, new boolean[] {false, true, false}, t[1]));
        trial("sum of the last axis", n, c)
                .rowInput(n * c)
                .rowOutput(n, Tolerances.sum(c))
                .sumsProducts()
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {rows, n, c}, new boolean[] {false, false, true}, t[1]));
        trial("sum of both axes", n, c)
                .rowInput(n * c)
                .rowOutput(1, Tolerances.sum((long) n * c))
                .sumsProducts()
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {rows, n, c}, new boolean[] {false, true, true}, t[1]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 7", "130, 33", "3, 17003"})
    default void sum_overRows_sumsTheBatch(int n, int c) {
        trial("sum of the first axis", n, c)
                .input(ROWS * n * c)
                .output(n * c, Tolerances.sum(ROWS))
                .sumsProducts()
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {ROWS, n, c}, new boolean[] {true, false, false}, t[1]));
        trial("sum of the outer axes", n, c)
                .input(ROWS * n * c)
                .output(n, Tolerances.sum((long) ROWS * c))
                .sumsProducts()
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {ROWS, n, c}, new boolean[] {true, false, true}, t[1]));
        trial("sum of everything", n, c)
                .input(ROWS * n * c)
                .output(1, Tolerances.sum((long) ROWS * n * c))
                .sumsProducts()
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {ROWS, n, c}, new boolean[] {true, true, true}, t[1]));
    }

    /** As accurate as a sum of few: nobody's share of a long sum may lose digits with its length. */
    @Test
    default void sum_ofManyElements_keepsItsDigits() {
        int n = 1 << 20;
        float[] x = new float[n];
        Arrays.fill(x, 0.1f);
        Trial.Call everything = (backend, rows, t) -> backend.reduction().sum(t[0], new int[] {n}, new boolean[] {true}, t[1]);
        Trial.Call columns = (backend, rows, t) -> backend.reduction().sum(t[0], new int[] {n / 2, 2}, new boolean[] {true, false}, t[1]);
        trial("sum of a million").input(x).output(1, Tolerances.sum(8)).check(everything);
        trial("two sums of half a million").input(x).output(2, Tolerances.sum(8)).check(columns);
    }

    @Test
    default void sum_beyondFloat32_isInfinite() {
        float[] x = new float[100];
        Arrays.fill(x, Float.MAX_VALUE);
        trial("sum of the largest")
                .input(x)
                .output(1, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {100}, new boolean[] {true}, t[1]));
    }

    @Test
    default void sum_overNoAxis_copies() {
        trial("sum of nothing")
                .rowInput(37)
                .rowOutput(37, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {rows, 37}, new boolean[] {false, false}, t[1]));
        trial("sum of a scalar")
                .input(1)
                .output(1, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[0], new boolean[0], t[1]));
    }

    @Test
    default void sum_ofNothing_isZero() {
        trial("sum of an empty last axis")
                .rowInput(0)
                .rowOutput(4, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {rows, 4, 0}, new boolean[] {false, false, true}, t[1]));
        trial("sum of an empty first axis")
                .input(0)
                .output(5, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {0, 5}, new boolean[] {true, false}, t[1]));
        trial("sum of no elements")
                .input(0)
                .output(1, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.reduction().sum(t[0], new int[] {2, 0}, new boolean[] {true, true}, t[1]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 7", "37, 1", "130, 33", "33, 1030"})
    default void max_findsTheLargest(int n, int c) {
        trial("max of the middle axis", n, c)
                .rowInput(n * c)
                .rowOutput(c, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.reduction().max(t[0], new int[] {rows, n, c}, new boolean[] {false, true, false}, t[1]));
        trial("max of the last axis", n, c)
                .rowInput(n * c)
                .rowOutput(n, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.reduction().max(t[0], new int[] {rows, n, c}, new boolean[] {false, false, true}, t[1]));
    }

    @Test
    default void max_ofNegativesAndNaN_isRight() {
        float[] x = {-3, -2, -5, 1, Float.NaN, 2, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
        trial("max")
                .input(x)
                .output(3, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.reduction().max(t[0], new int[] {3, 3}, new boolean[] {false, true}, t[1]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 2", "3, 7", "33, 77", "2, 1030", "200, 64"})
    default void softmax_normalisesRuns(int runs, int width) {
        Trial trial = trial("softmax", runs, width);
        trial.rowInput(scores(trial, runs * width * ROWS))
                .rowOutput(runs * width, Tolerances.SOFTMAX)
                .check((backend, rows, t) -> backend.reduction().softmax(t[0], width, t[1]));
    }

    @ParameterizedTest
    @ValueSource(floats = {-1e4f, 88, 1e30f})
    default void softmax_ofEqualScores_isUniform(float score) {
        Backend backend = backends().single();
        try (Buffers buffers = new Buffers(backend)) {
            Buffer out = buffers.allocate(4);
            backend.reduction().softmax(buffers.of(score, score, score, score), 4, out);
            assertThat(buffers.read(out)).containsOnly(0.25f);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 2", "3, 7", "33, 77", "2, 1030", "200, 64"})
    default void softmaxGradient_isTheDerivative(int runs, int width) {
        Trial forward = trial("softmax", runs, width);
        forward.rowInput(scores(forward, runs * width * ROWS)).rowOutput(runs * width, Tolerances.SOFTMAX);
        float[] y = forward.reference((backend, rows, t) -> backend.reduction().softmax(t[0], width, t[1]))[1];

        trial("softmaxGradient", runs, width)
                .rowInput(y)
                .rowInput(runs * width)
                .rowOutput(runs * width, Tolerances.softmaxGradient(width))
                .check((backend, rows, t) -> backend.reduction().softmaxGradient(t[0], width, t[1], t[2]));
    }

    private static float[] scores(Trial trial, int count) {
        float[] scores = trial.normals(count);
        for (int i = 0; i < count; i++) {
            scores[i] *= 3;
        }
        return scores;
    }
}
