package io.heddle.testkit.contract;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.QueryWindow;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerance;
import io.heddle.testkit.Tolerances;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

interface AttentionContract extends Contract {
    /** Each row with itself; a row twice; another row's queries and keys, as self-attention injection has them; another row's values. */
    Terms MIXED = Terms.of(new int[] {0, 1, 1, 2, 2}, new int[] {0, 0, 1, 2, 2}, new int[] {0, 0, 1, 2, 0}, new int[] {0, 1, 1, 2, 0});

    /** Self- and cross-attention, causal or not, with heads of odd and usual sizes, over and under the sizes of tiles. */
    static Stream<AttentionShape> attentions() {
        return Stream.of(
                shape(1, 1, 1, 1, false),
                shape(5, 7, 2, 3, false),
                shape(1, 77, 1, 40, false),
                shape(33, 77, 3, 40, false),
                shape(64, 64, 2, 8, false),
                shape(131, 77, 2, 5, false),
                shape(37, 150, 1, 64, false),
                shape(16, 24, 1, 160, false),
                shape(19, 37, 1, 512, false),
                shape(7, 1100, 1, 4, false),
                shape(1100, 9, 1, 2, false),
                shape(270, 530, 1, 3, false),
                shape(600, 600, 1, 2, true),
                shape(24, 24, 3, 16, true),
                shape(77, 77, 2, 9, true),
                shape(130, 130, 1, 4, true));
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#attentions")
    default void fusedAttention_averagesValues(AttentionShape shape) {
        Trial.Call call = (backend, rows, t) -> backend.attention().fused(t[0], t[1], t[2], Terms.identity(rows), shape, t[3], t[4]);
        forward("fused attention", shape).rowOutput(shape.heads() * shape.queries(), tolerance(shape)).check(call);
        forward("fused attention without logSumExp", shape).absent().check(call);
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#attentions")
    default void fusedAttention_sumsTerms(AttentionShape shape) {
        trial("fused attention of mixed terms", shape)
                .input(ROWS * shape.queries() * shape.width())
                .input(ROWS * shape.keys() * shape.width())
                .input(ROWS * shape.keys() * shape.width())
                .output(ROWS * shape.queries() * shape.width(), tolerance(shape))
                .output(MIXED.size() * shape.heads() * shape.queries(), tolerance(shape))
                .check((backend, rows, t) -> backend.attention().fused(t[0], t[1], t[2], MIXED, shape, t[3], t[4]));
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#attentions")
    default void fusedAttention_withAndWithoutLogSumExp_hasTheSameBits(AttentionShape shape) {
        Backend backend = backends().several();
        Terms terms = Terms.identity(ROWS);
        float[] without = fused(backend, shape, terms);

        float[] with = fused(backend, shape, (operands, out) -> {
            try (Buffers buffers = new Buffers(backend)) {
                Buffer logSumExp = buffers.allocate((long) ROWS * shape.heads() * shape.queries());
                backend.attention().fused(operands[0], operands[1], operands[2], terms, shape, out, logSumExp);
            }
        });

        TensorAssert.assertSameBits("with logSumExp " + shape, with, without);
    }

    /** Those of {@link #attentions} with few keys. */
    static Stream<AttentionShape> summedAttentions() {
        return attentions().filter(shape -> shape.keys() <= AttentionKernels.MOST_SUMMED_KEYS);
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#summedAttentions")
    default void headSums_areTheMapsOfTheTermsSummed(AttentionShape shape) {
        trial("fused attention with sums over heads", shape)
                .rowInput(shape.queries() * shape.width())
                .rowInput(shape.keys() * shape.width())
                .rowInput(shape.keys() * shape.width())
                .rowOutput(shape.queries() * shape.width(), tolerance(shape))
                .rowOutput(shape.queries() * shape.keys(), tolerance(shape))
                .check((backend, rows, t) -> backend.attention().fusedWithHeadSums(t[0], t[1], t[2], Terms.identity(rows), shape, t[3], t[4]));
        trial("fused attention of mixed terms with sums over heads", shape)
                .input(ROWS * shape.queries() * shape.width())
                .input(ROWS * shape.keys() * shape.width())
                .input(ROWS * shape.keys() * shape.width())
                .output(ROWS * shape.queries() * shape.width(), tolerance(shape))
                .output(MIXED.size() * shape.queries() * shape.keys(), tolerance(shape))
                .check((backend, rows, t) -> backend.attention().fusedWithHeadSums(t[0], t[1], t[2], MIXED, shape, t[3], t[4]));
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#summedAttentions")
    default void headSums_changeNoBitOfTheOutput(AttentionShape shape) {
        Backend backend = backends().several();
        float[] without = fused(backend, shape, (operands, out) -> backend.attention()
                .fused(operands[0], operands[1], operands[2], MIXED, shape, out, null));

        float[] with = fused(backend, shape, (operands, out) -> {
            try (Buffers buffers = new Buffers(backend)) {
                Buffer sums = buffers.allocate((long) MIXED.size() * shape.queries() * shape.keys());
                backend.attention().fusedWithHeadSums(operands[0], operands[1], operands[2], MIXED, shape, out, sums);
            }
        });

        TensorAssert.assertSameBits("with sums over heads " + shape, with, without);
    }

    @Test
    default void fusedAttention_ofAnotherRow_hasThatRowsBits() {
        AttentionShape shape = shape(33, 77, 3, 40, false);
        Backend backend = backends().several();
        float[] own = fused(backend, shape, Terms.identity(ROWS));
        int[] zeros = {0, 0, 0};
        float[] injected = fused(backend, shape, Terms.of(new int[] {0, 1, 2}, zeros, zeros, zeros));

        int row = shape.queries() * shape.width();
        for (int i = 0; i < injected.length; i++) {
            own[i] = own[i % row];
        }
        TensorAssert.assertSameBits("row 0 in all rows", injected, own);
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#attentions")
    default void fusedAttentionGradient_isTheDerivative(AttentionShape shape) {
        Trial forward = forward("fused attention", shape).rowOutput(shape.heads() * shape.queries(), Tolerances.EXACT);
        float[][] done = forward.reference(
                (backend, rows, t) -> backend.attention().fused(t[0], t[1], t[2], Terms.identity(rows), shape, t[3], t[4]));

        trial("fused attention's gradient", shape)
                .rowInput(done[0])
                .rowInput(done[1])
                .rowInput(done[2])
                .rowInput(done[4])
                .rowInput(shape.queries() * shape.width())
                .rowOutput(shape.queries() * shape.width(), gradientTolerance(shape))
                .rowOutput(shape.keys() * shape.width(), gradientTolerance(shape))
                .rowOutput(shape.keys() * shape.width(), gradientTolerance(shape))
                .check((backend, rows, t) -> backend.attention()
                        .fusedGradient(t[0], t[1], t[2], Terms.identity(rows), shape, t[3], t[4], t[5], t[6], t[7]));
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#attentions")
    default void fusedAttentionGradient_sumsOverTerms(AttentionShape shape) {
        Trial forward = forward("fused attention", shape).output(MIXED.size() * shape.heads() * shape.queries(), Tolerances.EXACT);
        float[][] done = forward.reference((backend, rows, t) -> backend.attention().fused(t[0], t[1], t[2], MIXED, shape, t[3], t[4]));

        trial("fused attention's gradient of mixed terms", shape)
                .input(done[0])
                .input(done[1])
                .input(done[2])
                .input(done[4])
                .input(ROWS * shape.queries() * shape.width())
                .output(ROWS * shape.queries() * shape.width(), gradientTolerance(shape))
                .output(ROWS * shape.keys() * shape.width(), gradientTolerance(shape))
                .output(ROWS * shape.keys() * shape.width(), gradientTolerance(shape))
                .check((backend, rows, t) -> backend.attention().fusedGradient(t[0], t[1], t[2], MIXED, shape, t[3], t[4], t[5], t[6], t[7]));
    }

    @Test
    default void fusedAttentionGradient_ofRowsWithoutTerms_isZero() {
        AttentionShape shape = shape(5, 7, 2, 3, false);
        Terms first = Terms.identity(1);
        Trial forward = forward("fused attention", shape).output(shape.heads() * shape.queries(), Tolerances.EXACT);
        float[][] done = forward.reference((backend, rows, t) -> {
            Buffer out = t[3].slice(0, (long) shape.queries() * shape.width());
            backend.attention().fused(t[0], t[1], t[2], first, shape, out, t[4]);
        });

        trial("gradient of the first row only")
                .input(done[0])
                .input(done[1])
                .input(done[2])
                .input(done[4])
                .input(shape.queries() * shape.width())
                .output(ROWS * shape.queries() * shape.width(), gradientTolerance(shape))
                .output(ROWS * shape.keys() * shape.width(), gradientTolerance(shape))
                .check((backend, rows, t) -> backend.attention().fusedGradient(t[0], t[1], t[2], first, shape, t[3], t[4], t[5], t[6], null));
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#attentions")
    default void attentionMap_isTheSoftmaxOfTheScores(AttentionShape shape) {
        QueryWindow all = new QueryWindow(0, shape.queries());
        trial("attention map", shape)
                .rowInput(shape.queries() * shape.width())
                .rowInput(shape.keys() * shape.width())
                .rowOutput(shape.heads() * shape.queries() * shape.keys(), tolerance(shape))
                .check((backend, rows, t) -> {
                    int[] index = IntStream.range(0, rows).toArray();
                    backend.attention().map(t[0], t[1], index, index, shape, all, t[2]);
                });
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#attentions")
    default void attentionMap_ofAWindowAndOtherRows_takesThose(AttentionShape shape) {
        int first = shape.queries() / 3;
        QueryWindow window = new QueryWindow(first, Math.max(1, shape.queries() - first - 2));
        int[] query = {2, 0};
        int[] key = {1, 1};
        trial("attention map of a window", shape)
                .input(ROWS * shape.queries() * shape.width())
                .input(ROWS * shape.keys() * shape.width())
                .output(query.length * shape.heads() * window.count() * shape.keys(), tolerance(shape))
                .check((backend, rows, t) -> backend.attention().map(t[0], t[1], query, key, shape, window, t[2]));
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.AttentionContract#attentions")
    default void applyMap_weighsValues(AttentionShape shape) {
        trial("applyMap", shape)
                .rowInput(shape.heads() * shape.queries() * shape.keys())
                .rowInput(shape.keys() * shape.width())
                .rowOutput(shape.queries() * shape.width(), Tolerances.sum(shape.keys()))
                .sumsProducts()
                .check((backend, rows, t) -> backend.attention().applyMap(t[0], t[1], IntStream.range(0, rows).toArray(), shape, t[2]));
        int[] value = {2, 0};
        trial("applyMap to other rows", shape)
                .input(value.length * shape.heads() * shape.queries() * shape.keys())
                .input(ROWS * shape.keys() * shape.width())
                .output(value.length * shape.queries() * shape.width(), Tolerances.sum(shape.keys()))
                .sumsProducts()
                .check((backend, rows, t) -> backend.attention().applyMap(t[0], t[1], value, shape, t[2]));
    }

    /** Queries, keys and values and the output of the fused kernel. */
    private Trial forward(String primitive, AttentionShape shape) {
        return trial(primitive, shape)
                .rowInput(shape.queries() * shape.width())
                .rowInput(shape.keys() * shape.width())
                .rowInput(shape.keys() * shape.width())
                .rowOutput(shape.queries() * shape.width(), tolerance(shape));
    }

    private float[] fused(Backend backend, AttentionShape shape, Terms terms) {
        return fused(backend, shape, (in, out) -> backend.attention().fused(in[0], in[1], in[2], terms, shape, out, null));
    }

    /** The output of a fused kernel of queries, keys and values. */
    private float[] fused(Backend backend, AttentionShape shape, BiConsumer<Buffer[], Buffer> kernel) {
        Trial trial = trial("fused attention", shape);
        try (Buffers buffers = new Buffers(backend)) {
            Buffer q = buffers.of(trial.normals(ROWS * shape.queries() * shape.width()));
            Buffer k = buffers.of(trial.normals(ROWS * shape.keys() * shape.width()));
            Buffer v = buffers.of(trial.normals(ROWS * shape.keys() * shape.width()));
            Buffer out = buffers.allocate(q.length());
            kernel.accept(new Buffer[] {q, k, v}, out);
            return buffers.read(out);
        }
    }

    private static Tolerance tolerance(AttentionShape shape) {
        return Tolerances.attention(shape.dim());
    }

    private static Tolerance gradientTolerance(AttentionShape shape) {
        return Tolerances.attentionGradient(shape.dim(), Math.max(shape.queries(), shape.keys()));
    }

    private static AttentionShape shape(int queries, int keys, int heads, int dim, boolean causal) {
        return new AttentionShape(queries, keys, heads, dim, (float) (1 / Math.sqrt(dim)), causal);
    }
}
