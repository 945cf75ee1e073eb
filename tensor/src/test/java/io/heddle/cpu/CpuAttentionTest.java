package io.heddle.cpu;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.QueryWindow;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes that take several tiles and tasks. */
class CpuAttentionTest {
    /** Row 1 has two terms, one with the queries and keys of row 0. */
    private static final Terms TERMS = Terms.of(new int[] {0, 1, 1}, new int[] {0, 0, 1}, new int[] {0, 0, 1}, new int[] {0, 1, 0});

    @AutoClose
    private final Backend one = new CpuBackend(new Workers(1), KernelChoice.chosen(), GemmChoice.chosen());

    @AutoClose
    private final Backend three = new CpuBackend(new Workers(3), KernelChoice.chosen(), GemmChoice.chosen());

    @AutoClose
    private final ReferenceBackend reference = new ReferenceBackend();

    static Stream<AttentionShape> shapes() {
        return Stream.of(
                new AttentionShape(300, 1100, 2, 5, 0.4f, false),
                new AttentionShape(1100, 77, 1, 8, 0.4f, false),
                new AttentionShape(600, 600, 1, 4, 0.5f, true));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void fused_overSeveralTiles_isAttention(AttentionShape shape) {
        float[][] single = fused(one, shape, TERMS);
        float[][] expected = fused(reference, shape, TERMS);
        TensorAssert.assertClose("out", single[0], expected[0], Tolerances.attention(shape.dim()));
        TensorAssert.assertClose("log Σ exp", single[1], expected[1], Tolerances.attention(shape.dim()));
        float[][] several = fused(three, shape, TERMS);
        TensorAssert.assertSameBits("out with three threads", several[0], single[0]);
        TensorAssert.assertSameBits("log Σ exp with three threads", several[1], single[1]);
    }

    @Test
    void fused_ofLargeScores_followsTheGrowingMaximum() {
        AttentionShape shape = new AttentionShape(20, 1500, 1, 6, 30, false);
        TensorAssert.assertClose(
                "scores up to some hundreds",
                fused(one, shape, Terms.identity(2))[0],
                fused(reference, shape, Terms.identity(2))[0],
                Tolerances.attentionOfLargeScores(300));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradient_overSeveralTilesAndSegments_isTheDerivative(AttentionShape shape) {
        float[][] single = gradients(one, shape);
        float[][] expected = gradients(reference, shape);
        float[][] several = gradients(three, shape);
        for (int i = 0; i < 3; i++) {
            String what = "gradient of " + "qkv".charAt(i);
            int tokens = Math.max(shape.queries(), shape.keys());
            TensorAssert.assertClose(what, single[i], expected[i], Tolerances.attentionGradient(shape.dim(), tokens));
            TensorAssert.assertSameBits(what + " with three threads", several[i], single[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void mapTimesValues_isWhatTheFusedKernelComputes(AttentionShape shape) {
        float[] fused = fused(three, shape, Terms.identity(2))[0];
        try (Buffers buffers = new Buffers(three)) {
            Operands operands = new Operands(buffers, shape);
            Buffer map = buffers.allocate(2L * shape.heads() * shape.queries() * shape.keys());
            Buffer out = buffers.allocate(fused.length);
            AttentionKernels attention = three.attention();
            int[] rows = {0, 1};
            attention.map(operands.q, operands.k, rows, rows, shape, new QueryWindow(0, shape.queries()), map);
            attention.applyMap(map, operands.v, rows, shape, out);
            TensorAssert.assertClose("materialised", buffers.read(out), fused, Tolerances.attention(shape.dim()));
        }
    }

    private static float[][] fused(Backend backend, AttentionShape shape, Terms terms) {
        try (Buffers buffers = new Buffers(backend)) {
            Operands operands = new Operands(buffers, shape);
            Buffer out = buffers.allocate(operands.q.length());
            Buffer logSumExp = buffers.allocate((long) terms.size() * shape.heads() * shape.queries());
            backend.attention().fused(operands.q, operands.k, operands.v, terms, shape, out, logSumExp);
            return new float[][] {buffers.read(out), buffers.read(logSumExp)};
        }
    }

    private static float[][] gradients(Backend backend, AttentionShape shape) {
        try (Buffers buffers = new Buffers(backend)) {
            Operands operands = new Operands(buffers, shape);
            Buffer out = buffers.allocate(operands.q.length());
            Buffer logSumExp = buffers.allocate((long) TERMS.size() * shape.heads() * shape.queries());
            Buffer dq = buffers.allocate(operands.q.length());
            Buffer dk = buffers.allocate(operands.k.length());
            Buffer dv = buffers.allocate(operands.v.length());
            AttentionKernels attention = backend.attention();
            attention.fused(operands.q, operands.k, operands.v, TERMS, shape, out, logSumExp);
            attention.fusedGradient(operands.q, operands.k, operands.v, TERMS, shape, logSumExp, operands.dOut, dq, dk, dv);
            return new float[][] {buffers.read(dq), buffers.read(dk), buffers.read(dv)};
        }
    }

    /** Two rows of everything. */
    private static final class Operands {
        private final Buffer q;
        private final Buffer k;
        private final Buffer v;
        private final Buffer dOut;

        Operands(Buffers buffers, AttentionShape shape) {
            Random random = new Random(11);
            q = buffers.of(normals(random, 2 * shape.queries() * shape.width()));
            k = buffers.of(normals(random, 2 * shape.keys() * shape.width()));
            v = buffers.of(normals(random, 2 * shape.keys() * shape.width()));
            dOut = buffers.of(normals(random, 2 * shape.queries() * shape.width()));
        }

        private static float[] normals(Random random, int count) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }
    }
}
