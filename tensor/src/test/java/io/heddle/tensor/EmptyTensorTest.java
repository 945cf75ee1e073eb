package io.heddle.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dimensions of size 0 are shapes like others. */
class EmptyTensorTest {
    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    private Tensor zeros(int... dims) {
        return device.zeros(Shape.of(dims));
    }

    @Test
    void aSumOfNothing_isZero() {
        assertThat(zeros(0).sum().item()).isZero();
        assertThat(zeros(3, 0).sum(1).toArray()).containsExactly(0, 0, 0);
        assertThat(zeros(0, 3).sum(0).toArray()).containsExactly(0, 0, 0);
        assertThat(zeros(2, 0, 3).sum(1).toArray()).hasSize(6).containsOnly(0);
        assertThat(zeros(2, 0, 3).sum(0, 1).toArray()).containsExactly(0, 0, 0);
        assertThat(zeros(3, 0).sum(0).shape()).isEqualTo(Shape.of(0));
        assertThat(zeros(2, 0).max(1).toArray()).containsOnly(Float.NEGATIVE_INFINITY);
    }

    @Test
    void operationsOnNothing_giveNothing() {
        assertThat(zeros(2, 0).softmax().shape()).isEqualTo(Shape.of(2, 0));
        assertThat(zeros(0, 3).permute(1, 0).shape()).isEqualTo(Shape.of(3, 0));
        assertThat(zeros(3, 0).gatherRows(2, 0).shape()).isEqualTo(Shape.of(2, 0));
        assertThat(Functional.groupNorm(zeros(0, 4, 4, 32), zeros(32), zeros(32), 8, 1e-5f, true).shape()).isEqualTo(Shape.of(0, 4, 4, 32));
        assertThat(Functional.groupNorm(zeros(2, 0, 4, 32), zeros(32), zeros(32), 8, 1e-5f, false).shape()).isEqualTo(Shape.of(2, 0, 4, 32));
        assertThat(Functional.layerNorm(zeros(0, 8), zeros(8), zeros(8), 1e-5f).shape()).isEqualTo(Shape.of(0, 8));
        assertThat(Functional.geglu(zeros(2, 0)).shape()).isEqualTo(Shape.of(2, 0));
        assertThat(Tensor.concat(1, zeros(2, 0), device.full(Shape.of(2, 1), 7)).toArray()).containsExactly(7, 7);
    }

    @Test
    void aLinearLayerOfNoFeatures_givesWhatIsAdded() {
        for (int tokens : new int[] {1, 3, 128, 300}) {
            device.full(Shape.of(1, tokens, 5), 42).close();
            assertThat(Functional.linear(zeros(1, tokens, 0), zeros(5, 0), null, null).toArray()).hasSize(5 * tokens).containsOnly(0);
            Tensor bias = device.full(Shape.of(5), 2);
            Tensor residual = device.full(Shape.of(1, tokens, 5), 3);
            assertThat(Functional.linear(zeros(1, tokens, 0), zeros(5, 0), bias, residual).toArray()).containsOnly(5);
            device.full(Shape.of(2, tokens, 5), 42).close();
            assertThat(zeros(2, tokens, 0).matmul(zeros(2, 0, 5)).toArray()).hasSize(10 * tokens).containsOnly(0);
        }
    }

    @Test
    void gradientsThroughNothing_areZero() {
        assertGradient(x -> x.slice(0, 1, 0).softmax().sum());
        assertGradient(x -> x.slice(1, 1, 0).permute(1, 0).times(2).sum());
        assertGradient(x -> Functional.layerNorm(x.slice(0, 0, 0), zeros(3), zeros(3), 1e-5f).sum());
        assertGradient(x -> Functional.linear(x.slice(1, 0, 0), zeros(4, 0), null, null).sum());
    }

    private void assertGradient(UnaryOperator<Tensor> function) {
        try (Recording tape = Recording.open()) {
            Tensor x = tape.watch(device.full(Shape.of(2, 3), 1));
            assertThat(tape.gradients(function.apply(x)).of(x).toArray()).hasSize(6).containsOnly(0);
        }
    }
}
