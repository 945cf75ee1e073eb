package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels.LinearShape;
import io.heddle.spi.LinearKernels.MatmulShape;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.Sample;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CublasProductsTest {
    private static final int BATCH = 3;
    private static final int TOKENS = 7;
    private static final int IN = 40;
    private static final int OUT = 33;

    private CudaBackend backend;

    @BeforeEach
    void open() {
        backend = TestDevice.open(TestDevice.cublas());
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void description_namesTheLibrary() {
        assertThat(backend.description()).contains("products by cuBLAS");
    }

    @ParameterizedTest
    @CsvSource({"5, 3, 7, false, false", "5, 3, 7, true, false", "5, 3, 7, false, true", "33, 65, 31, true, true", "1, 64, 5, false, true"})
    void matmul_isTheReferences_alignedOrNot(int m, int n, int k, boolean transposeA, boolean transposeB) {
        MatmulShape shape = new MatmulShape(BATCH, m, n, k, transposeA, transposeB);
        float[] a = Sample.normal(1, BATCH * m * k).values();
        float[] b = Sample.normal(2, BATCH * n * k).values();

        float[] aligned = matmul(backend, shape, a, b, 0);

        try (ReferenceBackend reference = new ReferenceBackend()) {
            float[] magnitudes = matmul(reference, shape, absolute(a), absolute(b), 0);
            TensorAssert.assertClose(
                    shape.toString(),
                    TensorAssert.doubles(aligned),
                    TensorAssert.doubles(matmul(reference, shape, a, b, 0)),
                    TensorAssert.doubles(magnitudes),
                    Tolerances.sum(k + 1));
        }
        TensorAssert.assertSameBits(shape + " in slices at odd offsets", matmul(backend, shape, a, b, 3), aligned);
    }

    @Test
    void linear_addsBiasAndResidual_theSameInAnyBatch() {
        float[] x = Sample.normal(1, BATCH * TOKENS * IN).values();
        float[] residual = Sample.normal(2, BATCH * TOKENS * OUT).values();

        float[] together = linear(backend, BATCH, x, residual);

        try (ReferenceBackend reference = new ReferenceBackend()) {
            TensorAssert.assertClose("linear", together, linear(reference, BATCH, x, residual), Tolerances.attention(IN));
        }
        float[] alone = linear(backend, 1, Arrays.copyOfRange(x, TOKENS * IN, 2 * TOKENS * IN),
                Arrays.copyOfRange(residual, TOKENS * OUT, 2 * TOKENS * OUT));
        TensorAssert.assertSameBits("the second row alone", alone, Arrays.copyOfRange(together, TOKENS * OUT, 2 * TOKENS * OUT));
    }

    private static float[] matmul(Backend backend, MatmulShape shape, float[] a, float[] b, int margin) {
        try (Buffers buffers = new Buffers(backend)) {
            Buffer c = buffers.allocate((long) shape.batch() * shape.m() * shape.n() + margin).slice(margin,
                    (long) shape.batch() * shape.m() * shape.n());
            backend.linear().matmul(shifted(buffers, a, margin), shifted(buffers, b, margin), shape, c);
            return buffers.read(c);
        }
    }

    private static Buffer shifted(Buffers buffers, float[] values, int margin) {
        float[] all = new float[values.length + margin];
        System.arraycopy(values, 0, all, margin, values.length);
        return buffers.of(all).slice(margin, values.length);
    }

    private static float[] linear(Backend backend, int rows, float[] x, float[] residual) {
        try (Buffers buffers = new Buffers(backend)) {
            Buffer y = buffers.allocate((long) rows * TOKENS * OUT);
            Buffer weight = buffers.of(Sample.normal(3, OUT * IN).values());
            Buffer bias = buffers.of(Sample.normal(4, OUT).values());
            backend.linear().linear(buffers.of(x), weight, bias, buffers.of(residual), new LinearShape(rows, TOKENS, IN, OUT), y);
            return buffers.read(y);
        }
    }

    private static float[] absolute(float[] values) {
        float[] absolute = values.clone();
        for (int i = 0; i < absolute.length; i++) {
            absolute[i] = Math.abs(absolute[i]);
        }
        return absolute;
    }
}
