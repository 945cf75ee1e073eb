package io.heddle.testkit.contract;

import io.heddle.spi.Optimisation.AdamStep;
import io.heddle.testkit.Tolerances;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

interface OptimisationContract extends Contract {
    @ParameterizedTest
    @CsvSource({"1, 1, 0.5, 0", "37, 1, 0.5, 0.1", "1037, 7, 0.001, 0", "17003, 1000, 0.5, 0.01"})
    default void adam_updatesParameterAndMoments(int length, int number, double learningRate, double weightDecay) {
        AdamStep step = new AdamStep(number, learningRate, 0.9, 0.999, 1e-8, weightDecay);
        Trial trial = trial("adam", step, length);
        trial.rowUpdated(trial.normals(ROWS * length), Tolerances.OPTIMISER_STEP)
                .rowInput(length)
                .rowUpdated(trial.normals(ROWS * length), Tolerances.OPTIMISER_STEP)
                .rowUpdated(squares(trial.normals(ROWS * length)), Tolerances.OPTIMISER_STEP)
                .check((backend, rows, t) -> backend.optimisation().adamInPlace(t[0], t[1], t[2], t[3], step));
    }

    private static float[] squares(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= values[i];
        }
        return values;
    }
}
