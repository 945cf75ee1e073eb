package io.heddle.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.spi.AttentionKernels.QueryWindow;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.ConvolutionShape.Padding;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operands that do not fit are refused with a sentence before anything is computed. */
class RefusedShapesTest {
    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    private Tensor zeros(int... dims) {
        return device.zeros(Shape.of(dims));
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(ShapeException.class);
    }

    @Test
    void attention_needsValuesOfTheKeysShape() {
        Tensor q = zeros(1, 4, 8);
        Terms self = Terms.identity(1);
        assertRefused(() -> Functional.attention(q, q, zeros(1, 4, 16), self, 2, false)).hasMessageContaining("[1, 4, 16]");
        assertRefused(() -> Functional.attention(q, q, zeros(1, 3, 8), self, 2, false)).hasMessageContaining("[1, 3, 8]");
        assertRefused(() -> Functional.attention(q, q, zeros(4, 8), self, 2, false)).hasMessageContaining("[4, 8]");
        assertRefused(() -> Functional.attentionWithHeadSums(q, q, zeros(1, 4, 16), self, 2, false)).hasMessageContaining("[1, 4, 16]");
        assertRefused(() -> Functional.attention(q, q, q, self, 0, false)).hasMessageContaining("0 heads");
    }

    @Test
    void attention_needsRowsThatExist() {
        Tensor one = zeros(1, 4, 8);
        Tensor two = zeros(2, 4, 8);
        Terms second = Terms.of(new int[] {0}, new int[] {1}, new int[] {1}, new int[] {1});
        assertRefused(() -> Functional.attention(one, two, two, second, 2, false)).hasMessageContaining("queries of [1, 4, 8]: row 1");
        assertRefused(() -> Functional.attention(two, one, two, second, 2, false)).hasMessageContaining("keys of [1, 4, 8]: row 1");
        assertRefused(() -> Functional.attention(two, two, one, second, 2, false)).hasMessageContaining("values of [1, 4, 8]: row 1");
        assertRefused(() -> Functional.attentionWithHeadSums(two, two, one, second, 2, false)).hasMessageContaining("row 1");
        assertThat(Functional.attention(two, two, two, second, 2, false).shape()).isEqualTo(Shape.of(1, 4, 8));
    }

    @Test
    void attentionMap_needsRowsAndQueriesThatExist() {
        Tensor q = zeros(2, 5, 8);
        Tensor k = zeros(1, 4, 8);
        int[] first = {0};
        int[] second = {1};
        QueryWindow all = new QueryWindow(0, 5);
        assertRefused(() -> Functional.attentionMap(q, k, second, second, 2, false, all)).hasMessageContaining("keys of [1, 4, 8]: row 1");
        assertRefused(() -> Functional.attentionMap(q, k, new int[] {2}, first, 2, false, all)).hasMessageContaining("queries of [2, 5, 8]: row 2");
        assertRefused(() -> Functional.attentionMap(q, k, new int[] {0, 1}, first, 2, false, all)).hasMessageContaining("2")
                .hasMessageContaining("1");
        assertRefused(() -> Functional.attentionMap(q, k, second, first, 2, false, new QueryWindow(3, 3))).hasMessageContaining("3 to 6");
        assertRefused(() -> Functional.attentionMap(q, k, second, first, 2, false, new QueryWindow(-1, 2))).hasMessageContaining("-1 to 1");
        assertRefused(() -> Functional.attentionMap(q, k, second, first, 2, false, new QueryWindow(Integer.MAX_VALUE, 2)));
        assertThat(Functional.attentionMap(q, k, second, first, 2, false, all).shape()).isEqualTo(Shape.of(1, 2, 5, 4));
    }

    @Test
    void applyMap_needsRowsThatExist() {
        Tensor map = zeros(1, 2, 5, 4);
        assertRefused(() -> Functional.applyMap(map, zeros(1, 4, 8), 1)).hasMessageContaining("values of [1, 4, 8]: row 1");
        assertRefused(() -> Functional.applyMap(map, zeros(1, 4, 8, 1), 0)).hasMessageContaining("[1, 4, 8, 1]");
        assertRefused(() -> Functional.applyMap(zeros(1, 0, 5, 4), zeros(1, 4, 8), 0)).hasMessageContaining("[1, 0, 5, 4]");
    }

    @Test
    void terms_giveEveryOutputRowInOrder() {
        int[] rows = {0, 0};
        for (int[] out : new int[][] {{0, 2}, {1, 2}, {1, 0}, {-1, 0}}) {
            assertThatThrownBy(() -> Terms.of(out, rows, rows, rows)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("gaps");
        }
        assertThat(Terms.of(new int[] {0, 0}, rows, rows, rows).rows()).isEqualTo(1);
    }

    @Test
    void conv2d_needsAPictureOfTheKernelsSize() {
        Tensor x = zeros(1, 2, 2, 3);
        Tensor weight = zeros(4, 3, 3, 3);
        for (int stride = 1; stride <= 3; stride++) {
            int step = stride;
            assertRefused(() -> Functional.conv2d(x, weight, null, null, step, Padding.NONE)).hasMessageContaining("smaller than the kernel");
        }
        assertThat(Functional.conv2d(x, weight, null, null, 2, Padding.all(1)).shape()).isEqualTo(Shape.of(1, 1, 1, 4));
    }

    @Test
    void conv2d_needsAStride() {
        assertRefused(() -> Functional.conv2d(zeros(1, 4, 4, 3), zeros(4, 3, 3, 3), null, null, 0, Padding.NONE)).hasMessageContaining("stride")
                .hasMessageContaining("0");
    }

    @Test
    void permute_countsAxesFromTheEnd() {
        Tensor x = device.tensor(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        assertThat(x.permute(-1, 0).shape()).isEqualTo(Shape.of(3, 2));
        assertThat(x.permute(-1, 0).toArray()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(x.reshape(1, 2, 3).permute(0, -1, 1).toArray()).containsExactly(1, 4, 2, 5, 3, 6);
        assertRefused(() -> x.permute(1, -1)).hasMessageContaining("[1, -1]");
        assertRefused(() -> x.permute(0, 2)).hasMessageContaining("2");
        assertRefused(() -> x.permute(0)).hasMessageContaining("[0]");
    }

    @Test
    void permute_keepsItsOwnAxes() {
        int[] axes = {2, 0, 1};
        try (Recording tape = Recording.open()) {
            Tensor x = tape.watch(zeros(1, 2, 3));
            Tensor y = x.permute(axes);
            Arrays.setAll(axes, i -> i);
            assertThat(tape.gradients(y, device.tensor(Shape.of(3, 1, 2), 1, 4, 2, 5, 3, 6)).of(x).toArray()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void slice_needsPositionsThatExist() {
        Tensor x = zeros(2, 3);
        assertRefused(() -> x.slice(0, Integer.MAX_VALUE, 1)).hasMessageContaining("2147483647 to 2147483648");
        assertRefused(() -> x.slice(1, 2, 2)).hasMessageContaining("2 to 4");
        assertRefused(() -> x.slice(1, -1, 2)).hasMessageContaining("-1 to 1");
        assertRefused(() -> x.slice(1, 1, -1)).hasMessageContaining("1 to 0");
        assertThat(x.slice(1, 3, 0).shape()).isEqualTo(Shape.of(2, 0));
    }

    @Test
    void concat_needsAnAxisThatExists() {
        Tensor x = zeros(2, 3);
        assertRefused(() -> Tensor.concat(2, x)).hasMessageContaining("axis 2");
        assertRefused(() -> Tensor.concat(2, x, x)).hasMessageContaining("axis 2");
        assertThat(Tensor.concat(-1, x).shape()).isEqualTo(Shape.of(2, 3));
    }
}
