package io.heddle.testkit.contract;

import io.heddle.spi.Normalization.GroupNormShape;
import io.heddle.testkit.Tolerances;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

interface NormalizationContract extends Contract {
    float EPSILON = 1e-5f;

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 3", "1, 4, 2, 3", "9, 6, 3, 3", "64, 32, 32, 3", "35, 40, 8, 3", "256, 64, 32, 3", "5, 3, 1, 3", "1024, 16, 2, 0", "512, 8, 4, 100"
    })
    default void groupNorm_normalisesGroups(int cells, int channels, int groups, float offset) {
        for (boolean silu : new boolean[] {false, true}) {
            Trial trial = trial("groupNorm" + (silu ? " with SiLU" : ""), cells, channels, groups, offset);
            float[] x = shifted(trial.normals(ROWS * cells * channels), offset);
            Trial.Call call = (backend, rows, t) -> {
                GroupNormShape shape = new GroupNormShape(rows, cells, channels, groups);
                backend.normalization().groupNorm(t[0], t[1], t[2], shape, EPSILON, silu, t[3], t[4]);
            };
            double spread = offset(groupStatistics(x, cells, channels, groups));
            trial.rowInput(x)
                    .input(channels)
                    .input(channels)
                    .rowOutput(cells * channels, Tolerances.normalised((long) cells * channels / groups, spread))
                    .rowOutput(2 * groups, Tolerances.normalised((long) cells * channels / groups, spread))
                    .check(call);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 4, 2", "9, 6, 3", "64, 32, 32", "35, 40, 8", "256, 64, 32", "5, 3, 1"})
    default void groupNormGradient_isTheDerivative(int cells, int channels, int groups) {
        for (boolean silu : new boolean[] {false, true}) {
            Trial trial = trial("groupNormGradient" + (silu ? " through SiLU" : ""), cells, channels, groups);
            float[] x = shifted(trial.normals(ROWS * cells * channels), 1);
            float[] statistics = groupStatistics(x, cells, channels, groups);
            double spread = offset(statistics);
            trial.rowInput(x)
                    .input(channels)
                    .input(channels)
                    .rowInput(statistics)
                    .rowInput(cells * channels)
                    .rowOutput(cells * channels, Tolerances.normalisedGradient((long) cells * channels / groups, spread, reciprocal(statistics)))
                    .output(channels, Tolerances.normalised((long) ROWS * cells, spread))
                    .output(channels, Tolerances.normalised((long) ROWS * cells, spread))
                    .check((backend, rows, t) -> {
                        GroupNormShape shape = new GroupNormShape(rows, cells, channels, groups);
                        backend.normalization().groupNormGradient(t[0], t[1], t[2], shape, silu, t[3], t[4], t[5], t[6], t[7]);
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 3", "4, 5, 3", "7, 33, 3", "77, 64, 3", "3, 320, 3", "2, 1030, 0", "5, 768, 100"})
    default void layerNorm_normalisesRuns(int runs, int width, float offset) {
        Trial trial = trial("layerNorm", runs, width, offset);
        float[] x = shifted(trial.normals(ROWS * runs * width), offset);
        double spread = offset(runStatistics(x, runs, width));
        trial.rowInput(x)
                .input(width)
                .input(width)
                .rowOutput(runs * width, Tolerances.normalised(width, spread))
                .rowOutput(2 * runs, Tolerances.normalised(width, spread))
                .check((backend, rows, t) -> backend.normalization().layerNorm(t[0], t[1], t[2], width, EPSILON, t[3], t[4]));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 5", "7, 33", "77, 64", "3, 320"})
    default void layerNormGradient_isTheDerivative(int runs, int width) {
        Trial trial = trial("layerNormGradient", runs, width);
        float[] x = shifted(trial.normals(ROWS * runs * width), 1);
        float[] statistics = runStatistics(x, runs, width);
        double spread = offset(statistics);
        trial.rowInput(x)
                .input(width)
                .rowInput(statistics)
                .rowInput(runs * width)
                .rowOutput(runs * width, Tolerances.normalisedGradient(width, spread, reciprocal(statistics)))
                .output(width, Tolerances.normalised((long) ROWS * runs, spread))
                .output(width, Tolerances.normalised((long) ROWS * runs, spread))
                .check((backend, rows, t) -> backend.normalization().layerNormGradient(t[0], t[1], width, t[2], t[3], t[4], t[5], t[6]));
    }

    @ParameterizedTest
    @CsvSource({"true, false, false", "false, true, false", "false, false, true"})
    default void normGradients_computeWhatIsAskedFor(boolean input, boolean gamma, boolean beta) {
        int cells = 9;
        int channels = 6;
        Trial trial = trial("one gradient of groupNorm", input, gamma, beta);
        float[] x = trial.normals(ROWS * cells * channels);
        float[] statistics = groupStatistics(x, cells, channels, 3);
        trial.rowInput(x)
                .input(channels)
                .input(channels)
                .rowInput(statistics)
                .rowInput(cells * channels)
                .output(input ? ROWS * cells * channels : channels, Tolerances.normalised((long) ROWS * cells, offset(statistics)))
                .check((backend, rows, t) -> {
                    GroupNormShape shape = new GroupNormShape(rows, cells, channels, 3);
                    backend.normalization()
                            .groupNormGradient(
                                    t[0], t[1], t[2], shape, true, t[3], t[4], input ? t[5] : null, gamma ? t[5] : null, beta ? t[5] : null);
                });
    }

    /** The statistics of {@code ROWS} rows by the reference, rounded to float32. */
    private float[] groupStatistics(float[] x, int cells, int channels, int groups) {
        Trial trial = trial("groupNorm")
                .rowInput(x)
                .input(channels)
                .input(channels)
                .rowOutput(cells * channels, Tolerances.EXACT)
                .rowOutput(2 * groups, Tolerances.EXACT);
        GroupNormShape shape = new GroupNormShape(ROWS, cells, channels, groups);
        return trial.reference(
                (backend, rows, t) -> backend.normalization().groupNorm(t[0], t[1], t[2], shape, EPSILON, false, t[3], t[4]))[4];
    }

    private float[] runStatistics(float[] x, int runs, int width) {
        Trial trial = trial("layerNorm")
                .rowInput(x)
                .input(width)
                .input(width)
                .rowOutput(runs * width, Tolerances.EXACT)
                .rowOutput(2 * runs, Tolerances.EXACT);
        return trial.reference((backend, rows, t) -> backend.normalization().layerNorm(t[0], t[1], t[2], width, EPSILON, t[3], t[4]))[4];
    }

    /** The largest distance of a mean from zero in standard deviations. */
    private static double offset(float[] statistics) {
        double largest = 0;
        for (int i = 0; i < statistics.length; i += 2) {
            largest = Math.max(largest, Math.abs(statistics[i]) * statistics[i + 1]);
        }
        return largest;
    }

    /** The largest reciprocal standard deviation. */
    private static double reciprocal(float[] statistics) {
        double largest = 0;
        for (int i = 1; i < statistics.length; i += 2) {
            largest = Math.max(largest, statistics[i]);
        }
        return largest;
    }

    private static float[] shifted(float[] values, float offset) {
        for (int i = 0; i < values.length; i++) {
            values[i] += offset;
        }
        return values;
    }
}
