package io.heddle.kernels.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.testkit.reference.ReferenceBackend;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention on tensor cores, against the reference backend given the same halves. */
class HalfAttentionTest extends MachineTest {
    private static final int ROWS = 2;
    private static final int QUERIES_OF_A_BLOCK = 64;
    /** Row 0 with itself; row 1 as a sum of row 0's map and its own, as Prompt-to-Prompt has it. */
    private static final int[] OUT = {0, 1, 1};

    private static final int[] QUERY = {0, 0, 1};
    private static final int[] KEY = {0, 0, 1};
    private static final int[] VALUE = {0, 1, 1};

    HalfAttentionTest() {
        super("heddle_half");
    }

    @ParameterizedTest
    @CsvSource({"70, 77, 2, 40, false", "64, 64, 1, 64, false", "5, 200, 1, 80, false", "70, 70, 1, 64, true", "33, 50, 1, 128, false",
        "70, 77, 1, 160, false"})
    void attentionInHalf_averagesValues(int queries, int keys, int heads, int dim, boolean causal) {
        AttentionShape shape = new AttentionShape(queries, keys, heads, dim, (float) (1 / Math.sqrt(dim)), causal);
        Random random = new Random(dim);
        float[] q = halves(random, ROWS * queries * shape.width());
        float[] k = halves(random, ROWS * keys * shape.width());
        float[] v = halves(random, ROWS * keys * shape.width());

        float[][] expected = reference(q, k, v, shape);
        float[][] actual = run(q, k, v, shape);

        TensorAssert.assertClose("out", actual[0], expected[0], Tolerances.ATTENTION_IN_HALF);
        TensorAssert.assertClose("logSumExp", actual[1], expected[1], Tolerances.attention(dim));
    }

    @Test
    void attentionInHalf_inReversedOrder_hasTheSameBits() {
        AttentionShape shape = new AttentionShape(70, 130, 1, 40, 0.2f, false);
        Random random = new Random(1);
        float[] q = halves(random, ROWS * 70 * 40);
        float[] k = halves(random, ROWS * 130 * 40);
        float[] v = halves(random, ROWS * 130 * 40);
        float[] forward = run(q, k, v, shape)[0];

        driver.reverse(true);

        TensorAssert.assertSameBits("out", run(q, k, v, shape)[0], forward);
        assertThat(forward).doesNotContain(Float.NaN);
    }

    private float[][] run(float[] q, float[] k, float[] v, AttentionShape shape) {
        int outputs = ROWS * shape.queries() * shape.width();
        int sums = OUT.length * shape.heads() * shape.queries();
        CUdeviceptr out = machine.allocate(outputs);
        CUdeviceptr logSumExp = machine.allocate(sums);
        ByteBuffer sizes = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
        sizes.putInt(shape.queries()).putInt(shape.keys()).putInt(shape.heads()).putInt(shape.dim()).putFloat(shape.scale());
        sizes.putInt(shape.causal() ? 1 : 0).flip();
        int[] grid = {Math.ceilDiv(shape.queries(), QUERIES_OF_A_BLOCK), shape.heads(), ROWS};
        int keysOfATile = shape.dim() <= 80 ? 64 : 32;
        int shared = 2 * (QUERIES_OF_A_BLOCK + 4 * keysOfATile) * (Math.ceilDiv(shape.dim(), 16) * 16 + 8);
        machine.launch("attention_half_" + shape.dim(), grid, 128, shared, toHalf(q), toHalf(k), toHalf(v), Pointer.to(machine.ofIndices(QUERY)),
                Pointer.to(machine.ofIndices(KEY)), Pointer.to(machine.ofIndices(VALUE)), Pointer.to(machine.ofIndices(0, 1, 3)),
                Pointer.to(machine.ofIndices(0, 1, 2)),
                Pointer.to(out), Pointer.to(logSumExp), Pointer.to(sizes));
        return new float[][] {machine.read(out, outputs), machine.read(logSumExp, sums)};
    }

    private Pointer toHalf(float[] values) {
        CUdeviceptr halves = machine.allocate(Math.ceilDiv(values.length, 2));
        machine.launch("to_half", Math.ceilDiv(values.length, 256), 256, Pointer.to(machine.of(values)), Pointer.to(halves),
                Pointer.to(new long[] {values.length}));
        return Pointer.to(halves);
    }

    private static float[][] reference(float[] q, float[] k, float[] v, AttentionShape shape) {
        try (ReferenceBackend backend = new ReferenceBackend();
                Buffers buffers = new Buffers(backend)) {
            var out = buffers.allocate((long) ROWS * shape.queries() * shape.width());
            var logSumExp = buffers.allocate((long) OUT.length * shape.heads() * shape.queries());
            backend.attention().fused(buffers.of(q), buffers.of(k), buffers.of(v), Terms.of(OUT, QUERY, KEY, VALUE), shape, out, logSumExp);
            return new float[][] {buffers.read(out), buffers.read(logSumExp)};
        }
    }

    private static float[] halves(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
        }
        return values;
    }
}
