package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.Normalization.GroupNormShape;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes that take many tasks, and data far from 0. */
class CpuNormalizationTest {
    private static final GroupNormShape SHAPE = new GroupNormShape(2, 1700, 48, 6);
    private static final float EPSILON = 1e-6f;

    @AutoClose
    private final Workers one = new Workers(1);

    @AutoClose
    private final Workers three = new Workers(3);

    private final Kernels kernels = KernelChoice.chosen();

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 10, 100, 1000})
    void groupNorm_losesNothing_howeverFarTheMeanIsFromZero(double mean) {
        float[] x = shifted(SHAPE.rows() * SHAPE.cells() * SHAPE.channels(), mean);
        HeapBuffer y = Values.unwritten(x.length);
        normalize(one, x, SHAPE, false, y, Values.unwritten(2 * SHAPE.rows() * SHAPE.groups()));
        assertThat(largestError(Values.copy(y), x)).isLessThan(Tolerances.FAR_FROM_ZERO);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 10, 100, 1000})
    void layerNorm_losesNothing_howeverFarTheMeanIsFromZero(double mean) {
        int width = 77;
        float[] x = shifted(5 * width, mean);
        float[] gamma = new float[width];
        Arrays.fill(gamma, 1);
        HeapBuffer y = Values.unwritten(x.length);
        new CpuNormalization(one, kernels)
                .layerNorm(buffer(x), buffer(gamma), buffer(new float[width]), width, EPSILON, y, Values.unwritten(10));
        for (int run = 0; run < 5; run++) {
            double[] expected = normalised(Arrays.copyOfRange(x, run * width, (run + 1) * width));
            for (int i = 0; i < width; i++) {
                assertThat(error(Values.copy(y)[run * width + i], expected[i])).isLessThan(Tolerances.FAR_FROM_ZERO);
            }
        }
    }

    @Test
    void groupNorm_hasTheSameBits_forAnyThreadsAndRows() {
        Values values = new Values(3);
        HeapBuffer x = values.normal(SHAPE.rows() * SHAPE.cells() * SHAPE.channels());
        HeapBuffer y = Values.unwritten(x.size());
        HeapBuffer again = Values.unwritten(x.size());
        HeapBuffer alone = Values.unwritten(x.size() / 2);
        normalize(one, Values.copy(x), SHAPE, true, y, Values.unwritten(24));
        normalize(three, Values.copy(x), SHAPE, true, again, Values.unwritten(24));
        GroupNormShape row = new GroupNormShape(1, SHAPE.cells(), SHAPE.channels(), SHAPE.groups());
        normalize(three, Values.copy(x.slice(x.size() / 2, x.size() / 2)), row, true, alone, Values.unwritten(12));
        TensorAssert.assertSameBits("three threads", Values.copy(again), Values.copy(y));
        TensorAssert.assertSameBits("the second row alone", Values.copy(alone), Values.copy(y.slice(x.size() / 2, x.size() / 2)));
    }

    @Test
    void gradients_haveTheSameBits_forAnyThreads() {
        int size = SHAPE.rows() * SHAPE.cells() * SHAPE.channels();
        float[][] single = gradients(one, size);
        float[][] several = gradients(three, size);
        for (int i = 0; i < single.length; i++) {
            TensorAssert.assertSameBits("gradient " + i, several[i], single[i]);
        }
    }

    private float[][] gradients(Workers workers, int size) {
        Values values = new Values(4);
        HeapBuffer x = values.normal(size);
        HeapBuffer gamma = values.normal(SHAPE.channels());
        HeapBuffer beta = values.normal(SHAPE.channels());
        HeapBuffer dy = values.normal(size);
        CpuNormalization normalization = new CpuNormalization(workers, kernels);
        HeapBuffer statistics = Values.unwritten(2 * SHAPE.rows() * SHAPE.groups());
        HeapBuffer dx = Values.unwritten(size);
        HeapBuffer dGamma = Values.unwritten(SHAPE.channels());
        HeapBuffer dBeta = Values.unwritten(SHAPE.channels());
        normalization.groupNorm(x, gamma, beta, SHAPE, EPSILON, true, dx, statistics);
        normalization.groupNormGradient(x, gamma, beta, SHAPE, true, statistics, dy, dx, dGamma, dBeta);
        HeapBuffer runStatistics = Values.unwritten(2 * size / SHAPE.channels());
        HeapBuffer runDx = Values.unwritten(size);
        HeapBuffer runDGamma = Values.unwritten(SHAPE.channels());
        HeapBuffer runDBeta = Values.unwritten(SHAPE.channels());
        normalization.layerNorm(x, gamma, beta, SHAPE.channels(), EPSILON, runDx, runStatistics);
        normalization.layerNormGradient(x, gamma, SHAPE.channels(), runStatistics, dy, runDx, runDGamma, runDBeta);
        return new float[][] {Values.copy(dx), Values.copy(dGamma), Values.copy(dBeta), Values.copy(runDx), Values.copy(runDGamma),
            Values.copy(runDBeta)};
    }

    private void normalize(Workers workers, float[] x, GroupNormShape shape, boolean silu, HeapBuffer y, HeapBuffer statistics) {
        float[] gamma = new float[shape.channels()];
        Arrays.fill(gamma, 1);
        new CpuNormalization(workers, kernels)
                .groupNorm(buffer(x), buffer(gamma), buffer(new float[shape.channels()]), shape, EPSILON, silu, y, statistics);
    }

    /** Against double arithmetic, group by group. */
    private static double largestError(float[] y, float[] x) {
        int width = SHAPE.channels() / SHAPE.groups();
        double largest = 0;
        for (int row = 0; row < SHAPE.rows(); row++) {
            for (int group = 0; group < SHAPE.groups(); group++) {
                float[] elements = new float[SHAPE.cells() * width];
                int[] places = new int[elements.length];
                for (int i = 0; i < elements.length; i++) {
                    places[i] = (row * SHAPE.cells() + i / width) * SHAPE.channels() + group * width + i % width;
                    elements[i] = x[places[i]];
                }
                double[] expected = normalised(elements);
                for (int i = 0; i < elements.length; i++) {
                    largest = Math.max(largest, error(y[places[i]], expected[i]));
                }
            }
        }
        return largest;
    }

    private static double error(float actual, double expected) {
        return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    }

    private static double[] normalised(float[] elements) {
        double mean = 0;
        for (float element : elements) {
            mean += (double) element / elements.length;
        }
        double variance = 0;
        for (float element : elements) {
            variance += (element - mean) * (element - mean) / elements.length;
        }
        double[] normalised = new double[elements.length];
        for (int i = 0; i < elements.length; i++) {
            normalised[i] = (elements[i] - mean) / Math.sqrt(variance + EPSILON);
        }
        return normalised;
    }

    private static float[] shifted(int length, double mean) {
        Random random = new Random(5);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (mean + random.nextGaussian());
        }
        return values;
    }

    private static HeapBuffer buffer(float[] values) {
        return new HeapBuffer(values, 0, values.length);
    }
}
