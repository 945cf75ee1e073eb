package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.spi.Extent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Re-arrangements over several tasks, through runs and through transposed planes. */
class CpuMovementTest {
    @AutoClose
    private final Workers workers = new Workers(3);

    private final CpuMovement movement = new CpuMovement(workers, KernelChoice.chosen());

    static Stream<Arguments> permutations() {
        return Stream.of(
                Arguments.of(new int[] {203, 301}, new int[] {1, 0}),
                Arguments.of(new int[] {3, 5, 61, 67}, new int[] {0, 2, 3, 1}),
                Arguments.of(new int[] {3, 61, 67, 5}, new int[] {0, 3, 1, 2}),
                Arguments.of(new int[] {2, 40, 8, 33}, new int[] {0, 2, 1, 3}),
                Arguments.of(new int[] {7, 33, 35, 6}, new int[] {3, 1, 0, 2}),
                Arguments.of(new int[] {7, 33, 35, 6}, new int[] {3, 2, 1, 0}),
                Arguments.of(new int[] {7, 1, 35, 1, 6}, new int[] {4, 1, 3, 0, 2}),
                Arguments.of(new int[] {1, 1}, new int[] {1, 0}),
                Arguments.of(new int[] {}, new int[] {}));
    }

    @ParameterizedTest
    @MethodSource("permutations")
    void permute_movesEveryElement(int[] dims, int[] axes) {
        int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
        HeapBuffer x = new Values(1).normal(size);
        HeapBuffer out = Values.unwritten(size);
        movement.permute(x, dims, axes, out);
        for (int i = 0; i < size; i++) {
            int source = 0;
            int rest = i;
            for (int axis = axes.length - 1; axis >= 0; axis--) {
                int step = Arrays.stream(dims, axes[axis] + 1, dims.length).reduce(1, (a, b) -> a * b);
                source += rest % dims[axes[axis]] * step;
                rest /= dims[axes[axis]];
            }
            assertThat(Values.copy(out.slice(i, 1))[0]).as("element %d", i).isEqualTo(x.array()[x.offset() + source]);
        }
    }

    @Test
    void resizeGradient_isTheTransposeOfTheResize() {
        Extent small = new Extent(13, 17);
        for (Extent large : new Extent[] {new Extent(26, 34), new Extent(31, 19), new Extent(5, 6), new Extent(13, 17)}) {
            Values values = new Values(2);
            HeapBuffer x = whole(values.normal(3 * small.cells() * 10));
            HeapBuffer dy = whole(values.normal(3 * large.cells() * 10));
            HeapBuffer y = Values.unwritten(dy.size());
            HeapBuffer dx = Values.unwritten(x.size());
            movement.resizeNearest(x, 3, small, large, 10, y);
            movement.resizeNearestGradient(dy, 3, small, large, 10, dx);
            assertThat(dot(y, dy)).as("⟨resize(x), dy⟩ at %s", large).isEqualTo(dot(x, dx));
        }
    }

    @Test
    void gatherRows_ofARowThatDoesNotExist_isRefused() {
        HeapBuffer table = new Values(3).normal(12);
        assertThatThrownBy(() -> movement.gatherRows(table, 4, new int[] {0, 3}, Values.unwritten(8)))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("row 3 was asked for of a table of 3 rows");
    }

    /** Whole numbers, whose sums are exact. */
    private static HeapBuffer whole(HeapBuffer buffer) {
        for (int i = 0; i < buffer.array().length; i++) {
            buffer.array()[i] = (float) Math.rint(8 * buffer.array()[i]);
        }
        return buffer;
    }

    private static double dot(HeapBuffer a, HeapBuffer b) {
        return new PlainKernels().dot(a.array(), a.offset(), b.array(), b.offset(), a.size());
    }
}
