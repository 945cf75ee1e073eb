package io.heddle.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void theGradientOfAProductIsTheOtherFactor() {
        Tensor a = device.tensor(Shape.of(3), 1, 2, 3);
        Tensor b = device.tensor(Shape.of(3), 4, 5, 6);
        try (Recording tape = Recording.open()) {
            Tensor watchedA = tape.watch(a);
            Tensor watchedB = tape.watch(b);
            Gradients gradients = tape.gradients(watchedA.times(watchedB).sum());
            assertThat(gradients.of(watchedA).toArray()).containsExactly(4, 5, 6);
            assertThat(gradients.of(watchedB).toArray()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void whatIsUsedTwiceGetsTheSum() {
        try (Recording tape = Recording.open()) {
            Tensor x = tape.watch(device.tensor(Shape.of(2), 3, -1));
            assertThat(tape.gradients(x.times(x).plus(x).sum()).of(x).toArray()).containsExactly(7, -1);
        }
    }

    @Test
    void broadcastOperandsGetSummedGradients() {
        try (Recording tape = Recording.open()) {
            Tensor matrix = tape.watch(device.full(Shape.of(2, 3), 2));
            Tensor row = tape.watch(device.tensor(Shape.of(3), 1, 2, 3));
            Tensor column = tape.watch(device.tensor(Shape.of(2, 1), 5, 7));
            Gradients gradients = tape.gradients(matrix.times(row).times(column).sum());
            assertThat(gradients.of(row).toArray()).containsExactly(24, 24, 24);
            assertThat(gradients.of(column).toArray()).containsExactly(12, 12);
            assertThat(gradients.of(matrix).shape()).isEqualTo(Shape.of(2, 3));
        }
    }

    @Test
    void oneGraphRunsBackwardSeveralTimes() {
        try (Recording tape = Recording.open()) {
            Tensor x = tape.watch(device.tensor(Shape.of(2), 3, 4));
            Tensor y = x.square();
            float[] first = tape.gradients(y, device.tensor(Shape.of(2), 1, 0)).of(x).toArray();
            float[] second = tape.gradients(y, device.tensor(Shape.of(2), 0, 1)).of(x).toArray();
            assertThat(first).containsExactly(6, 0);
            assertThat(second).containsExactly(0, 8);
        }
    }

    @Test
    void gradientsOfPartsOfABatchAddUpToThoseOfTheWhole() {
        Tensor weight = device.tensor(Shape.of(2, 2), 1, -2, 3, 4);
        Tensor batch = device.tensor(Shape.of(4, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        Tensor accumulated = device.zeros(Shape.of(2, 2));
        for (int part = 0; part < 2; part++) {
            accumulated = accumulated.plus(gradient(weight, batch.rows(2 * part, 2)));
        }
        assertThat(accumulated.toArray()).containsExactly(gradient(weight, batch).toArray());
    }

    private Tensor gradient(Tensor weight, Tensor rows) {
        try (Recording tape = Recording.open()) {
            Tensor watched = tape.watch(weight);
            return tape.gradients(rows.matmul(watched).square().sum()).of(watched);
        }
    }

    @Test
    void savedTensorsOutliveTheScopeOfTheForward() {
        try (Recording tape = Recording.open()) {
            Tensor x = tape.watch(device.tensor(Shape.of(2), 3, 4));
            Tensor y = device.tidy(() -> x.exp().log().square().sum());
            assertThat(tape.gradients(y).of(x).toArray()[0]).isCloseTo(6, org.assertj.core.data.Offset.offset(1e-5f));
        }
    }

    @Test
    void nothingIsLeftWhenTheRecordingCloses() {
        try (Scope _ = device.scope()) {
            Tensor x = device.tensor(Shape.of(2), 3, 4);
            long before = device.memory().liveBytes();
            try (Recording tape = Recording.open();
                    Scope _ = device.scope()) {
                Tensor watched = tape.watch(x);
                tape.gradients(watched.silu().square().sum()).of(watched);
            }
            assertThat(device.memory().liveBytes()).isEqualTo(before);
        }
    }

    @Test
    void aClosedTensorCannotBeWatched() {
        Tensor x = device.tensor(Shape.of(2), 3, 4);
        x.close();
        try (Recording tape = Recording.open()) {
            assertThatThrownBy(() -> tape.watch(x)).isInstanceOf(LifetimeException.class).hasMessageContaining("[2]");
        }
        Tensor first = device.full(Shape.of(2), 1);
        Tensor second = device.full(Shape.of(2), 2);
        assertThat(first.toArray()).containsExactly(1, 1);
        assertThat(second.toArray()).containsExactly(2, 2);
    }

    @Test
    void whatDependsOnNothingWatchedIsNotRecorded() {
        try (Recording tape = Recording.open()) {
            Tensor watched = tape.watch(device.scalar(2));
            Tensor constant = device.scalar(3).exp();
            assertThat(constant.isRecorded()).isFalse();
            assertThat(watched.times(constant).isRecorded()).isTrue();
            assertThat(watched.detach().times(constant).isRecorded()).isFalse();
        }
    }

    @Test
    void anOperationWithoutADerivativeThrowsByName() {
        try (Recording tape = Recording.open()) {
            Tensor x = tape.watch(device.tensor(Shape.of(2), 3, 4));
            Tensor y = x.max(0);
            assertThatThrownBy(() -> tape.gradients(y)).isInstanceOf(NoBackwardException.class).hasMessageContaining("max")
                    .hasMessageContaining("detach");
        }
    }

    @Test
    void anUnwatchedTensorHasNoGradient() {
        try (Recording tape = Recording.open()) {
            Tensor x = tape.watch(device.scalar(1));
            Tensor other = tape.watch(device.scalar(1));
            Gradients gradients = tape.gradients(x.square());
            assertThatThrownBy(() -> gradients.of(other)).isInstanceOf(NoBackwardException.class).hasMessageContaining("does not depend");
        }
    }

    @Test
    void gradientsAreHandedOverAsSoonAsTheyAreFinal() {
        try (Recording tape = Recording.open()) {
            Tensor first = tape.watch(device.scalar(2));
            Tensor second = tape.watch(device.scalar(5));
            Tensor y = first.square().times(second);
            List<Tensor> order = new ArrayList<>();
            tape.backward(y, device.scalar(1), (watched, gradient) -> {
                order.add(watched);
                assertThat(gradient.item()).isEqualTo(watched == first ? 20 : 4);
            });
            assertThat(order).containsExactly(second, first);
        }
    }

    @Test
    void aCheckpointedBlockHasTheBitsOfTheBlock() {
        Tensor x = device.tensor(Shape.of(4), 0.3f, -1.2f, 2.5f, 0.01f);
        Tensor weight = device.tensor(Shape.of(4), 1.5f, 0.2f, -0.7f, 3);
        float[][] plain = gradients(x, weight, false);
        float[][] checkpointed = gradients(x, weight, true);
        assertThat(checkpointed).isDeepEqualTo(plain);
    }

    private float[][] gradients(Tensor x, Tensor weight, boolean checkpointed) {
        try (Recording tape = Recording.open()) {
            Tensor watched = tape.watch(x);
            Tensor parameter = tape.watch(weight);
            Tensor captured = watched.times(2);
            java.util.function.Function<List<Tensor>, Tensor> block = in -> in.getFirst().times(parameter).silu().plus(captured.square()).tanh();
            Tensor h = watched.exp();
            Tensor y = checkpointed ? tape.checkpoint(List.of(h), block) : block.apply(List.of(h));
            Gradients gradients = tape.gradients(y.square().sum());
            return new float[][] {y.toArray(), gradients.of(watched).toArray(), gradients.of(parameter).toArray()};
        }
    }
}
