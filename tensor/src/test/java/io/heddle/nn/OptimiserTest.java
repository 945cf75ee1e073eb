package io.heddle.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.ShapeException;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimiserTest {
    private static final double RATE = 0.02;
    private static final double DECAY = 0.95;
    private static final double WEIGHT_DECAY = 0.1;
    private static final int STEPS = 3;

    @AutoClose
    private final Device device = Device.open("cpu", 1);

    @ParameterizedTest
    @CsvSource({"3, 7", "7, 3", "4, 4"})
    void muon_followsItsFormulas(int rows, int columns) {
        double[] expected = random(0, rows * columns);
        double[] momentum = new double[expected.length];
        Tensor value = tensor(Shape.of(rows, columns), expected);
        try (Muon muon = Muon.of(value, DECAY, WEIGHT_DECAY)) {
            for (int step = 1; step <= STEPS; step++) {
                double[] gradient = random(step, expected.length);
                muon.step(value, tensor(value.shape(), gradient), RATE);
                double[] nesterov = new double[gradient.length];
                for (int i = 0; i < gradient.length; i++) {
                    momentum[i] = DECAY * momentum[i] + (1 - DECAY) * gradient[i];
                    nesterov[i] = DECAY * momentum[i] + (1 - DECAY) * gradient[i];
                }
                double[] direction = newtonSchulz(nesterov, rows, columns);
                double size = 0.2 * Math.sqrt(Math.max(rows, columns)) * RATE;
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = expected[i] * (1 - RATE * WEIGHT_DECAY) - size * direction[i];
                }
            }
        }
        TensorAssert.assertClose("value", TensorAssert.doubles(value.toArray()), expected, Tolerances.OPTIMISER);
    }

    /** Five times {@code X ← aX + b(XXᵀ)X + c(XXᵀ)²X}, in double and on whichever side: the result does not depend on it. */
    private static double[] newtonSchulz(double[] matrix, int rows, int columns) {
        double norm = 0;
        for (double element : matrix) {
            norm += element * element;
        }
        double[] x = matrix.clone();
        for (int i = 0; i < x.length; i++) {
            x[i] /= Math.sqrt(norm) + 1e-7;
        }
        for (int iteration = 0; iteration < 5; iteration++) {
            double[] once = timesGram(x, x, rows, columns);
            double[] twice = timesGram(x, once, rows, columns);
            for (int i = 0; i < x.length; i++) {
                x[i] = 3.4445 * x[i] - 4.7750 * once[i] + 2.0315 * twice[i];
            }
        }
        return x;
    }

    /** {@code X·Xᵀ·Y}. */
    private static double[] timesGram(double[] x, double[] y, int rows, int columns) {
        double[] product = new double[y.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                double dot = 0;
                for (int k = 0; k < columns; k++) {
                    dot += x[i * columns + k] * x[j * columns + k];
                }
                for (int k = 0; k < columns; k++) {
                    product[i * columns + k] += dot * y[j * columns + k];
                }
            }
        }
        return product;
    }

    @Test
    void muon_takesKernelsAsMatrices() {
        double[] start = random(0, 24);
        Tensor kernel = tensor(Shape.of(3, 2, 2, 2), start);
        Tensor matrix = tensor(Shape.of(3, 8), start);
        double[] gradient = random(1, 24);
        try (Muon one = Muon.of(kernel, DECAY, 0); Muon other = Muon.of(matrix, DECAY, 0)) {
            one.step(kernel, tensor(kernel.shape(), gradient), RATE);
            other.step(matrix, tensor(matrix.shape(), gradient), RATE);
        }
        TensorAssert.assertSameBits("value", kernel.toArray(), matrix.toArray());
    }

    @Test
    void muon_refusesVectors() {
        Tensor vector = device.zeros(Shape.of(5));
        assertThatThrownBy(() -> Muon.of(vector, DECAY, 0)).isInstanceOf(ShapeException.class).hasMessageContaining("use Adam");
    }

    @Test
    void sgd_followsItsFormulas() {
        double[] expected = random(0, 10);
        double[] velocity = new double[10];
        Tensor value = tensor(Shape.of(10), expected);
        try (Sgd sgd = Sgd.of(value, 0.9, WEIGHT_DECAY)) {
            for (int step = 1; step <= STEPS; step++) {
                double[] gradient = random(step, 10);
                sgd.step(value, tensor(value.shape(), gradient), RATE);
                for (int i = 0; i < 10; i++) {
                    velocity[i] = 0.9 * velocity[i] + gradient[i] + WEIGHT_DECAY * expected[i];
                    expected[i] -= RATE * velocity[i];
                }
            }
        }
        TensorAssert.assertClose("value", TensorAssert.doubles(value.toArray()), expected, Tolerances.OPTIMISER);
    }

    @ParameterizedTest
    @CsvSource({"adam", "muon", "sgd"})
    void restoredState_goesOnWithTheSameBits(String rule) {
        Tensor value = tensor(Shape.of(3, 4), random(0, 12));
        Tensor resumed = tensor(Shape.of(3, 4), random(0, 12));
        try (Optimiser optimiser = optimiser(rule, value); Optimiser other = optimiser(rule, resumed)) {
            optimiser.step(value, tensor(value.shape(), random(1, 12)), RATE);
            resumed.assign(value);
            other.state().forEach((name, tensor) -> tensor.assign(optimiser.state().get(name).toArray()));
            other.resume(1);
            Tensor gradient = tensor(value.shape(), random(2, 12));
            optimiser.step(value, gradient, RATE);
            other.step(resumed, gradient, RATE);
        }
        TensorAssert.assertSameBits(rule, resumed.toArray(), value.toArray());
    }

    private static Optimiser optimiser(String rule, Tensor like) {
        return switch (rule) {
            case "adam" -> Adam.of(like);
            case "muon" -> Muon.of(like, DECAY, WEIGHT_DECAY);
            default -> Sgd.of(like, 0.9, WEIGHT_DECAY);
        };
    }

    @Test
    void learningRate_risesThenFallsToZero() {
        LearningRate rate = new LearningRate(2, 4, 100);
        assertThat(rate.at(0)).isEqualTo(0.5);
        assertThat(rate.at(3)).isEqualTo(2 * 0.97);
        assertThat(rate.at(50)).isEqualTo(1);
        assertThat(rate.at(100)).isZero();
    }

    @Test
    void movingAverage_followsTheValueFasterAtFirst() {
        Tensor value = device.full(Shape.of(2), 1);
        try (MovingAverage average = MovingAverage.of(value, 0.15)) {
            value.assign(2, 2);
            average.update(value, 0);
            assertThat(average.tensor().toArray()).containsOnly(0.1f * 1 + 0.9f * 2);
            assertThat(average.decay(1)).isEqualTo(0.15);
        }
    }

    @Test
    void gradientNorm_isBoundedNotRaised() {
        assertThat(GradientNorm.squared(tensor(Shape.of(2), new double[] {3, 4}))).isEqualTo(25);
        assertThat(5 * GradientNorm.clipping(5, 1)).isLessThanOrEqualTo(1).isGreaterThan(0.999f);
        assertThat(GradientNorm.clipping(0.5, 1)).isEqualTo(1);
    }

    private Tensor tensor(Shape shape, double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return device.tensor(shape, floats);
    }

    private static double[] random(long seed, int count) {
        return new Random(seed).doubles(count, -1, 1).map(x -> (float) x).toArray();
    }
}
