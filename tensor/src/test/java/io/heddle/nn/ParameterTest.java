package io.heddle.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.testkit.TensorAssert;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ParameterTest {
    @AutoClose
    private final Device device = Device.cpu();

    private final Parameter parameter = ParameterScope.root(device, (_, _) -> new float[] {2, 3}).take("scale", 2);

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

    @Test
    void aSecondRecording_isRefused_andTheFirstGoesOn() {
        try (Recording first = Recording.open()) {
            Tensor watched = parameter.watch(first);
            Tensor y = parameter.tensor().square();
            try (Recording second = Recording.open()) {
                assertThatThrownBy(() -> parameter.watch(second)).isInstanceOf(IllegalStateException.class).hasMessageContaining("scale");
            }
            Tensor z = y.times(parameter.tensor());
            assertThat(first.gradients(z.sum()).of(watched).toArray()).containsExactly(12, 27);
        }
    }

    @Test
    void recordings_watchItOneAfterTheOther() {
        for (int i = 0; i < 2; i++) {
            try (Recording tape = Recording.open()) {
                Tensor watched = parameter.watch(tape);
                assertThat(tape.gradients(parameter.tensor().square().sum()).of(watched).toArray()).containsExactly(4, 6);
            }
            assertThat(parameter.isWatched()).isFalse();
        }
    }
}
