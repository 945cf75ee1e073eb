package io.heddle.testkit.contract;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.TensorAssert;
import org.junit.jupiter.api.Test;

/** Where the contract names the bits of float32 arithmetic. */
interface RoundingContract extends Contract {
    @Test
    default void affine_roundsTheProductAndTheSum() {
        Backend backend = backends().single();
        float[] x = trial("affine").normals(1037);
        float[] expected = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            float product = 1.7f * x[i];
            expected[i] = product + 0.3f;
        }
        try (Buffers buffers = new Buffers(backend)) {
            Buffer out = buffers.allocate(x.length);
            backend.pointwise().affine(buffers.of(x), 1.7f, 0.3f, out);
            TensorAssert.assertSameBits("affine", buffers.read(out), expected);
        }
    }

    @Test
    default void scatterAddRows_addsInAscendingOrder() {
        Backend backend = backends().several();
        int[] index = {0, 0, 0};
        try (Buffers buffers = new Buffers(backend)) {
            Buffer out = buffers.of(1);
            backend.movement().scatterAddRowsInPlace(buffers.of(1e8f, -1e8f, 1), 1, index, out);
            TensorAssert.assertSameBits("((1 + 1e8) - 1e8) + 1", buffers.read(out), new float[] {1});
        }
    }
}
