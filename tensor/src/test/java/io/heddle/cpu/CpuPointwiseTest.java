package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.spi.BinaryOp;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Broadcasts over several tasks, with runs that begin and end inside them. */
class CpuPointwiseTest {
    @AutoClose
    private final Workers workers = new Workers(3);

    static Stream<Arguments> broadcasts() {
        return Stream.of(
                arguments("equal shapes", new int[] {3, 50, 333}, new int[] {3, 50, 333}, new int[] {3, 50, 333}),
                arguments("a scalar", new int[] {20_011}, new int[] {}, new int[] {20_011}),
                arguments("a scalar first", new int[] {1}, new int[] {150, 171}, new int[] {150, 171}),
                arguments("a bias", new int[] {3, 67, 211}, new int[] {211}, new int[] {3, 67, 211}),
                arguments("a row's bias", new int[] {3, 11, 13, 101}, new int[] {3, 1, 1, 101}, new int[] {3, 11, 13, 101}),
                arguments("a row's factor", new int[] {3, 1, 1, 1}, new int[] {3, 40, 41, 4}, new int[] {3, 40, 41, 4}),
                arguments("a mask", new int[] {2, 97, 101, 4}, new int[] {2, 97, 101, 1}, new int[] {2, 97, 101, 4}),
                arguments("an outer product", new int[] {203, 1}, new int[] {1, 107}, new int[] {203, 107}),
                arguments("every other axis", new int[] {5, 1, 7, 1, 31}, new int[] {6, 1, 30, 31}, new int[] {5, 6, 7, 30, 31}),
                arguments("single elements", new int[] {1, 1}, new int[] {1}, new int[] {1, 1}));
    }

    private static Arguments arguments(String title, int[] a, int[] b, int[] out) {
        return Arguments.of(title, a, b, out);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broadcasts")
    void binary_repeatsWhatIsMissing(String title, int[] aDims, int[] bDims, int[] outDims) {
        Values values = new Values(1);
        HeapBuffer a = values.normal(size(aDims));
        HeapBuffer b = values.normal(size(bDims));
        HeapBuffer out = Values.unwritten(size(outDims));
        new CpuPointwise(workers, KernelChoice.chosen()).binary(BinaryOp.SUBTRACT, a, aDims, b, bDims, out, outDims);
        float[] actual = Values.copy(out);
        for (int i = 0; i < actual.length; i++) {
            float expected = a.array()[a.offset() + source(i, aDims, outDims)] - b.array()[b.offset() + source(i, bDims, outDims)];
            assertThat(actual[i]).as("%s, element %d", title, i).isEqualTo(expected);
        }
    }

    @Test
    void binary_ofShapesThatDoNotMeet_isRefused() {
        HeapBuffer buffer = new Values(2).normal(6);
        assertThatThrownBy(() -> new CpuPointwise(workers, KernelChoice.chosen())
                .binary(BinaryOp.ADD, buffer, new int[] {2, 3}, buffer, new int[] {2}, buffer, new int[] {2, 3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("[2, 3] and [2] do not broadcast to [2, 3]");
        assertThatThrownBy(() -> new CpuPointwise(workers, KernelChoice.chosen())
                .binary(BinaryOp.ADD, buffer, new int[] {1}, buffer, new int[] {1}, buffer, new int[] {6}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("[1] and [1] do not broadcast to [6]");
    }

    private static int size(int[] dims) {
        return Arrays.stream(dims).reduce(1, (x, y) -> x * y);
    }

    /** Where an operand's element lies that meets element {@code index} of the result. */
    private static int source(int index, int[] dims, int[] outDims) {
        int source = 0;
        int step = 1;
        int rest = index;
        for (int i = 1; i <= outDims.length; i++) {
            int position = rest % outDims[outDims.length - i];
            rest /= outDims[outDims.length - i];
            if (i <= dims.length) {
                int dim = dims[dims.length - i];
                source += dim == 1 ? 0 : position * step;
                step *= dim;
            }
        }
        return source;
    }
}
