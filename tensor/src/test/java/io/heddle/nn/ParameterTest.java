package io.heddle.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.testkit.TensorAssert;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ParameterTest {
    @AutoClose
    private final Device device = Device.open("cpu", 1);

    @Test
    void readingAConvolution_leavesNoCopyInTheScopeAround() {
        FormulaWeights weights = new FormulaWeights();
        Parameter weight = ParameterScope.root(device, weights).takeConvolution("weight", 3, 5, 3);
        try (Scope _ = device.scope(); Tensor gradient = weight.tensor().times(2)) {
            long before = device.memory().liveBytes();
            TensorAssert.assertSameBits("weight", weight.toCheckpoint(), weight.in(weights));
            assertThat(weight.toCheckpoint(gradient)[1]).isEqualTo(2 * weight.in(weights)[1]);
            assertThat(device.memory().liveBytes()).isEqualTo(before);
        }
        weight.close();
    }
}
