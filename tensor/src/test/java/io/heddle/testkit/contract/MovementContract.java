package io.heddle.testkit.contract;

import io.heddle.spi.Extent;
import io.heddle.spi.Movement.AxisRange;
import io.heddle.testkit.Tolerances;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

interface MovementContract extends Contract {
    /** Dimensions and orders of axes. */
    List<int[][]> PERMUTATIONS = List.of(
            new int[][] {{}, {}},
            new int[][] {{37}, {0}},
            new int[][] {{5, 7}, {1, 0}},
            new int[][] {{130, 67}, {1, 0}},
            new int[][] {{3, 4, 5}, {0, 1, 2}},
            new int[][] {{3, 4, 5}, {0, 2, 1}},
            new int[][] {{3, 4, 5}, {1, 0, 2}},
            new int[][] {{3, 4, 5}, {2, 0, 1}},
            new int[][] {{3, 4, 5}, {1, 2, 0}},
            new int[][] {{2, 33, 17, 4}, {0, 3, 1, 2}},
            new int[][] {{2, 4, 33, 17}, {0, 2, 3, 1}},
            new int[][] {{2, 9, 4, 7}, {0, 2, 1, 3}},
            new int[][] {{2, 3, 1, 5, 4}, {4, 2, 0, 3, 1}});

    @Test
    default void permute_reordersAxes() {
        for (int[][] permutation : PERMUTATIONS) {
            int elements = Arrays.stream(permutation[0]).reduce(1, Math::multiplyExact);
            trial("permute", Arrays.deepToString(permutation))
                    .input(elements)
                    .output(elements, Tolerances.EXACT)
                    .check((backend, rows, t) -> backend.movement().permute(t[0], permutation[0], permutation[1], t[1]));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1, 0, 1, 1", "5, 2, 7, 3, 3, 4", "9, 0, 9, 0, 9, 33", "40, 7, 64, 31, 33, 5", "3, 1, 5, 4, 1, 1037"})
    default void copyAlongAxis_leavesOtherElements(int xSize, int xStart, int outSize, int outStart, int count, int inner) {
        Trial trial = trial("copyAlongAxis", xSize, xStart, outSize, outStart, count, inner);
        trial.rowInput(2 * xSize * inner)
                .rowUpdated(trial.normals(ROWS * 2 * outSize * inner), Tolerances.EXACT)
                .check((backend, rows, t) -> backend.movement()
                        .copyAlongAxis(t[0], new AxisRange(xStart, xSize), t[1], new AxisRange(outStart, outSize), 2L * rows, count, inner));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 3", "49, 33", "1000, 77"})
    default void gatherRows_repeatsRows(int height, int width) {
        int[] index = {height - 1, 0, height / 2, 0, height / 3};
        trial("gatherRows", height, width)
                .input(height * width)
                .output(index.length * width, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.movement().gatherRows(t[0], width, index, t[1]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 3", "49, 33", "1000, 77"})
    default void scatterAddRows_sumsRepeatedRows(int height, int width) {
        int[] index = {height - 1, 0, height / 2, 0, height / 3};
        Trial trial = trial("scatterAddRowsInPlace", height, width);
        trial.input(index.length * width)
                .updated(trial.normals(height * width), Tolerances.sum(index.length + 1))
                .sumsProducts()
                .check((backend, rows, t) -> backend.movement().scatterAddRowsInPlace(t[0], width, index, t[1]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1, 1", "3, 5, 7, 4, 3", "8, 8, 16, 16, 33", "5, 7, 5, 7, 2", "16, 13, 7, 6, 5", "2, 3, 4, 6, 320", "33, 29, 64, 31, 4"})
    default void resizeNearest_takesTheFloor(int height, int width, int toHeight, int toWidth, int channels) {
        Extent from = new Extent(height, width);
        Extent to = new Extent(toHeight, toWidth);
        trial("resizeNearest", from, to, channels)
                .rowInput(from.cells() * channels)
                .rowOutput(to.cells() * channels, Tolerances.EXACT)
                .check((backend, rows, t) -> backend.movement().resizeNearest(t[0], rows, from, to, channels, t[1]));
        int copies = Math.ceilDiv(toHeight, height) * Math.ceilDiv(toWidth, width);
        trial("resizeNearestGradient", from, to, channels)
                .rowInput(to.cells() * channels)
                .rowOutput(from.cells() * channels, Tolerances.sum(copies))
                .sumsProducts()
                .check((backend, rows, t) -> backend.movement().resizeNearestGradient(t[0], rows, from, to, channels, t[1]));
    }
}
