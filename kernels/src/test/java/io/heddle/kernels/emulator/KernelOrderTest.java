package io.heddle.kernels.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.testkit.TensorAssert;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.Supplier;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import org.junit.jupiter.api.Test;

/** Kernels whose threads work together give the same bits when blocks and threads run from the last to the first: no barrier is missing. */
class KernelOrderTest extends MachineTest {
    private final Random random = new Random(7);
    KernelOrderTest() {
        super("heddle");
    }

    @Test
    void gemm_hasTheSameBitsInBothOrders() {
        int m = 70;
        int n = 65;
        int k = 33;
        CUdeviceptr a = normals(m * k);
        CUdeviceptr b = normals(n * k);
        assertSameInBothOrders(() -> {
            CUdeviceptr c = machine.allocate(m * n);
            machine.launch("gemm", new int[] {2, 2, 1}, 256, 0, Pointer.to(a), Pointer.to(b), absent(), absent(), Pointer.to(c), of(m), of(n), of(k),
                    of(0), of(1), none(), none(), none());
            return machine.read(c, m * n);
        });
    }

    @Test
    void groupNorm_hasTheSameBitsInBothOrders() {
        int cells = 35;
        int channels = 40;
        int groups = 8;
        CUdeviceptr x = normals(cells * channels);
        CUdeviceptr gamma = normals(channels);
        CUdeviceptr beta = normals(channels);
        assertSameInBothOrders(() -> {
            CUdeviceptr y = machine.allocate(cells * channels);
            machine.launch("group_norm", new int[] {groups, 1, 1}, 512, 0, Pointer.to(x), Pointer.to(gamma), Pointer.to(beta), Pointer.to(y),
                    Pointer.to(machine.allocate(2 * groups)), of(cells), of(channels), of(groups), Pointer.to(new float[] {1e-5f}), of(1));
            return machine.read(y, cells * channels);
        });
    }

    @Test
    void attention_hasTheSameBitsInBothOrders() {
        int queries = 37;
        int keys = 77;
        int dim = 40;
        CUdeviceptr q = normals(queries * dim);
        CUdeviceptr k = normals(keys * dim);
        CUdeviceptr v = normals(keys * dim);
        Pointer zero = Pointer.to(machine.ofIndices(0));
        ByteBuffer sizes = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
        sizes.putInt(queries).putInt(keys).putInt(1).putInt(dim).putFloat(0.2f).putInt(0).flip();
        assertSameInBothOrders(() -> {
            CUdeviceptr out = machine.allocate(queries * dim);
            machine.launch("attention_2", new int[] {3, 1, 1}, 128, 0, Pointer.to(q), Pointer.to(k), Pointer.to(v), zero, zero, zero,
                    Pointer.to(machine.ofIndices(0, 1)), zero, Pointer.to(out), absent(), Pointer.to(sizes));
            return machine.read(out, queries * dim);
        });
    }

    @Test
    void headSums_haveTheSameBitsInBothOrders() {
        int queries = 37;
        int keys = 77;
        int width = 2 * 40;
        CUdeviceptr q = normals(queries * width);
        CUdeviceptr k = normals(keys * width);
        Pointer zero = Pointer.to(machine.ofIndices(0));
        ByteBuffer sizes = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
        sizes.putInt(queries).putInt(keys).putInt(2).putInt(width / 2).putFloat(0.2f).putInt(0).flip();
        assertSameInBothOrders(() -> {
            CUdeviceptr sums = machine.allocate(queries * keys);
            machine.launch("attention_with_head_sums_2", new int[] {3, 1, 1}, 128, 0, Pointer.to(q), Pointer.to(k), Pointer.to(k), zero, zero, zero,
                    Pointer.to(machine.ofIndices(0, 1)), zero, Pointer.to(machine.allocate(queries * width)), Pointer.to(sums), Pointer.to(sizes));
            return machine.read(sums, queries * keys);
        });
    }

    private void assertSameInBothOrders(Supplier<float[]> run) {
        float[] forward = run.get();
        driver.reverse(true);
        TensorAssert.assertSameBits("from the last to the first", run.get(), forward);
        assertThat(forward).doesNotContain(Float.NaN);
    }

    private CUdeviceptr normals(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return machine.of(values);
    }

    private static Pointer of(int value) {
        return Pointer.to(new int[] {value});
    }

    /** A stride of a batch of one. */
    private static Pointer none() {
        return Pointer.to(new long[1]);
    }

    /** An optional operand that is not given. */
    private static Pointer absent() {
        return Pointer.to(new long[1]);
    }
}
