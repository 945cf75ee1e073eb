package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.testkit.TensorAssert;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Reductions over several tasks. */
class CpuReductionTest {
    private static final int[] DIMS = {5, 37, 41, 13};

    @AutoClose
    private final Workers one = new Workers(1);

    @AutoClose
    private final Workers three = new Workers(3);

    @Test
    void sumAndMax_overAnyAxes_areThoseOfDoubleArithmetic() {
        HeapBuffer x = new Values(1).normal(DIMS[0] * DIMS[1] * DIMS[2] * DIMS[3]);
        for (int mask = 0; mask < 16; mask++) {
            boolean[] reduced = new boolean[4];
            int kept = 1;
            for (int axis = 0; axis < 4; axis++) {
                reduced[axis] = (mask >> axis & 1) == 1;
                kept *= reduced[axis] ? 1 : DIMS[axis];
            }
            double[] sums = new double[kept];
            float[] maxima = new float[kept];
            Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
            for (int i = 0; i < x.size(); i++) {
                int to = target(i, reduced);
                sums[to] += x.array()[x.offset() + i];
                maxima[to] = Math.max(maxima[to], x.array()[x.offset() + i]);
            }
            float[] rounded = new float[kept];
            for (int i = 0; i < kept; i++) {
                rounded[i] = (float) sums[i];
            }
            for (Workers workers : new Workers[] {one, three}) {
                HeapBuffer out = Values.unwritten(kept);
                CpuReduction reduction = new CpuReduction(workers, KernelChoice.chosen());
                reduction.sum(x, DIMS, reduced, out);
                TensorAssert.assertSameBits("sum over " + Arrays.toString(reduced), Values.copy(out), rounded);
                reduction.max(x, DIMS, reduced, out);
                TensorAssert.assertSameBits("max over " + Arrays.toString(reduced), Values.copy(out), maxima);
            }
        }
    }

    @Test
    void sum_ofManyElementsFarFromZero_isExactlyRounded() {
        float[] x = new float[1_000_003];
        Arrays.fill(x, 1000.1f);
        HeapBuffer out = Values.unwritten(1);
        new CpuReduction(three, KernelChoice.chosen()).sum(new HeapBuffer(x, 0, x.length), new int[] {x.length}, new boolean[] {true}, out);
        assertThat(Values.copy(out)[0]).isEqualTo((float) (x.length * (double) 1000.1f));
    }

    private static int target(int index, boolean[] reduced) {
        int target = 0;
        int step = 1;
        int rest = index;
        for (int axis = 3; axis >= 0; axis--) {
            if (!reduced[axis]) {
                target += rest % DIMS[axis] * step;
                step *= DIMS[axis];
            }
            rest /= DIMS[axis];
        }
        return target;
    }
}
