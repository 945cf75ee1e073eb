package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.heddle.kernels.emulator.EmulatedDriver;
import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import io.heddle.spi.LinearKernels.LinearShape;
import io.heddle.spi.Precision;
import io.heddle.tensor.Device;
import io.heddle.tensor.DeviceException;
import io.heddle.tensor.NoBackwardException;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.Differentiable;
import io.heddle.testkit.Operations;
import io.heddle.testkit.Sample;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerance;
import io.heddle.testkit.Tolerances;
import io.heddle.testkit.reference.ReferenceBackend;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast mode's operations, against the reference backend given the same halves. */
@TestInstance(Lifecycle.PER_CLASS)
class FastKernelsTest {
    /** Row 0 with itself; row 1 as a sum of row 0's map and its own, as Prompt-to-Prompt has it. */
    private static final Terms TERMS = Terms.of(new int[] {0, 1, 1}, new int[] {0, 0, 1}, new int[] {0, 0, 1}, new int[] {0, 1, 1});

    private static final int ROWS = 2;
    private static final float TOO_LARGE = 65_520;

    private CudaBackend backend;
    private ReferenceBackend reference;

    @BeforeAll
    void open() {
        backend = TestDevice.open(TestDevice.KERNELS, Precision.FLOAT16);
        reference = new ReferenceBackend();
    }

    @AfterAll
    void close() {
        if (backend != null) {
            assertThat(backend.memory().statistics().liveBytes()).as("bytes that kernels did not release").isZero();
            backend.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyOperation_isTheReferences_ofHalvesAndOfFloat32(boolean float32) {
        Device fast = Device.of(backend);
        Device exact = Device.of(reference);
        for (Differentiable operation : Operations.all().toList()) {
            try (Scope _ = fast.scope();
                    Scope _ = exact.scope()) {
                List<Sample> halves = operation.inputs().stream().map(FastKernelsTest::halves).toList();
                Tensor expected = operation.function().apply(halves.stream().map(input -> input.on(exact)).toList());
                Tensor actual = operation.function()
                        .apply(halves.stream().map(input -> float32 ? fast.inFloat32(() -> input.on(fast)) : input.on(fast)).toList());
                TensorAssert.assertClose(operation.name(), actual.toArray(), expected.toArray(), Tolerances.OPERATION_IN_HALF);
            }
        }
    }

    @Test
    void inFloat32_sumsWhatHalvesCannot() {
        Device fast = Device.of(backend);
        try (Scope _ = fast.scope()) {
            Tensor ones = fast.full(Shape.of(1 << 17), 1);
            assertThat(ones.sum().item()).isInfinite();
            assertThat(fast.inFloat32(ones::sum).item()).isEqualTo(1 << 17);
            assertThat(fast.inFloat32(() -> fast.scalar(2048).plus(fast.scalar(1))).times(1).item()).as("a half of it").isEqualTo(2048);
        }
    }

    @ParameterizedTest
    @CsvSource({"70, 77, 2, 40, false", "64, 64, 1, 64, false", "5, 200, 1, 80, false", "70, 70, 1, 32, true", "33, 50, 1, 128, false",
        "70, 77, 1, 160, false", "65, 17, 3, 8, false", "20, 40, 1, 24, false", "9, 13, 2, 12, false", "10, 10, 1, 200, false"})
    void attention_averagesValues(int queries, int keys, int heads, int dim, boolean causal) {
        AttentionShape shape = new AttentionShape(queries, keys, heads, dim, (float) (1 / Math.sqrt(dim)), causal);

        check("attention " + shape, attention(shape), Tolerances.ATTENTION_IN_HALF, ROWS * queries * shape.width(), ROWS * queries * shape.width(),
                ROWS * keys * shape.width(), ROWS * keys * shape.width());
    }

    @ParameterizedTest
    @CsvSource({"70, 77, 3, 40", "9, 13, 2, 12"})
    void headSums_areTheReferences_andChangeNoBitOfTheOutput(int queries, int keys, int heads, int dim) {
        AttentionShape shape = new AttentionShape(queries, keys, heads, dim, (float) (1 / Math.sqrt(dim)), false);
        int[] inputs = {ROWS * queries * shape.width(), ROWS * keys * shape.width(), ROWS * keys * shape.width()};
        int sums = TERMS.size() * queries * keys;
        float[][] values = inputs(inputs);

        check("sums over heads " + shape, (compute, headSums, t) -> {
            try (Buffers buffers = new Buffers(compute)) {
                compute.attention().fusedWithHeadSums(t[0], t[1], t[2], TERMS, shape, buffers.allocate(inputs[0]), headSums);
            }
        }, Tolerances.ATTENTION_IN_HALF, sums, inputs);
        float[] with = run(backend, (compute, out, t) -> {
            try (Buffers buffers = new Buffers(compute)) {
                compute.attention().fusedWithHeadSums(t[0], t[1], t[2], TERMS, shape, out, buffers.allocate(sums));
            }
        }, inputs[0], values);

        TensorAssert.assertSameBits("with sums " + shape, with, run(backend, attention(shape), inputs[0], values));
    }

    @ParameterizedTest
    @CsvSource({"9, 7, 8, 6, 3, 1, 1", "5, 6, 40, 70, 3, 1, 1", "9, 8, 16, 10, 3, 2, 1", "6, 6, 8, 8, 2, 2, 0", "5, 5, 12, 4, 3, 1, 1",
        "4, 4, 8, 5, 3, 1, 1"})
    void convolution_isTheReferencesRounded(int height, int width, int in, int out, int kernel, int stride, int padding) {
        ConvolutionShape shape =
                new ConvolutionShape(ROWS, new Extent(height, width), in, out, new Extent(kernel, kernel), stride, Padding.all(padding));
        int outputs = ROWS * shape.output().cells() * out;

        check("convolution " + shape, (compute, y, t) -> compute.convolution().forward(t[0], t[1], 0, t[2], t[3], shape, y),
                Tolerances.ROUNDED_TO_HALF,
                outputs, ROWS * shape.input().cells() * in, out * kernel * kernel * in, out, outputs);
        check("convolution without bias " + shape, (compute, y, t) -> compute.convolution().forward(t[0], t[1], 0, null, null, shape, y),
                Tolerances.ROUNDED_TO_HALF, outputs, ROWS * shape.input().cells() * in, out * kernel * kernel * in);
    }

    /** The third has enough tiles for the large ones. */
    @ParameterizedTest
    @CsvSource({"5, 40, 6", "70, 8, 66", "1024, 8, 1026", "3, 20, 8", "3, 16, 7"})
    void linear_isTheReferencesRounded_byOwnKernelsAndByCublas(int tokens, int in, int out) {
        LinearShape shape = new LinearShape(ROWS, tokens, in, out);
        try (CudaBackend cublas = TestDevice.open(TestDevice.cublas(), Precision.FLOAT16)) {
            for (CudaBackend products : List.of(backend, cublas)) {
                Call call = (compute, y, t) -> compute.linear().linear(t[0], t[1], t[2], t[3], shape, y);
                Tolerance tolerance = products == cublas ? Tolerances.OPERATION_IN_HALF : Tolerances.ROUNDED_TO_HALF;
                check("linear " + shape, products, call, tolerance, ROWS * tokens * out, ROWS * tokens * in, out * in, out, ROWS * tokens * out);
            }
        }
    }

    @Test
    void tensorCores_inReversedOrder_giveTheSameBits() {
        assumeFalse(TestDevice.isReal(), "skipped: a real device has its own order");
        AttentionShape attention = new AttentionShape(70, 130, 1, 40, 0.2f, false);
        ConvolutionShape convolution = new ConvolutionShape(1, new Extent(9, 9), 40, 70, new Extent(3, 3), 1, Padding.all(1));
        float[] forward = run(backend, attention(attention), ROWS * 70 * 40, inputs(ROWS * 70 * 40, ROWS * 130 * 40, ROWS * 130 * 40));
        Call convolve = (compute, y, t) -> compute.convolution().forward(t[0], t[1], 0, null, null, convolution, y);
        float[] convolved = run(backend, convolve, 81 * 70, inputs(81 * 40, 70 * 9 * 40));
        EmulatedDriver driver = EmulatedDriver.load();
        driver.reverse(true);
        try {
            TensorAssert.assertSameBits("attention",
                    run(backend, attention(attention), ROWS * 70 * 40, inputs(ROWS * 70 * 40, ROWS * 130 * 40, ROWS * 130 * 40)), forward);
            TensorAssert.assertSameBits("convolution", run(backend, convolve, 81 * 70, inputs(81 * 40, 70 * 9 * 40)), convolved);
        } finally {
            driver.reverse(false);
        }
    }

    @Test
    void numbersBeyondHalves_areRefused() {
        Device fast = Device.of(backend);
        try (Scope _ = fast.scope()) {
            assertThatThrownBy(() -> fast.scalar(TOO_LARGE)).isInstanceOf(DeviceException.class)
                    .hasMessageContaining("the number 65520.0 is beyond what half precision holds");
            assertThatThrownBy(() -> fast.tensor(Shape.of(2), 1, TOO_LARGE)).isInstanceOf(DeviceException.class).hasMessageContaining("without fp16");
            assertThat(fast.inFloat32(() -> fast.scalar(TOO_LARGE)).item()).isEqualTo(TOO_LARGE);
            assertThat(fast.scalar(Float.NEGATIVE_INFINITY).item()).isEqualTo(Float.NEGATIVE_INFINITY);
        }
    }

    @Test
    void gradients_areRefused() {
        Device fast = Device.of(backend);
        try (Recording tape = Recording.open();
                Tensor x = fast.scalar(1)) {
            assertThatThrownBy(() -> tape.watch(x)).isInstanceOf(NoBackwardException.class).hasMessageContaining("open the device without fp16");
        }
    }

    /** A primitive: from inputs to one output. */
    @FunctionalInterface
    private interface Call {
        void run(Backend compute, Buffer output, Buffer[] inputs);
    }

    private static Call attention(AttentionShape shape) {
        return (compute, out, t) -> compute.attention().fused(t[0], t[1], t[2], TERMS, shape, out, null);
    }

    private void check(String what, Call call, Tolerance tolerance, int output, int... inputs) {
        check(what, backend, call, tolerance, output, inputs);
    }

    private void check(String what, CudaBackend fast, Call call, Tolerance tolerance, int output, int... inputs) {
        float[][] values = inputs(inputs);
        TensorAssert.assertClose(what, run(fast, call, output, values), run(reference, call, output, values), tolerance);
    }

    private static float[][] inputs(int... lengths) {
        return IntStream.range(0, lengths.length).mapToObj(i -> halves(Sample.normal(i, lengths[i])).values()).toArray(float[][]::new);
    }

    private static float[] run(Backend compute, Call call, int output, float[]... inputs) {
        try (Buffers buffers = new Buffers(compute)) {
            Buffer out = buffers.allocate(output);
            Buffer[] given = new Buffer[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                given[i] = buffers.of(inputs[i]);
            }
            call.run(compute, out, given);
            return buffers.read(out);
        }
    }

    private static Sample halves(Sample sample) {
        return sample.map(value -> Float.float16ToFloat(Float.floatToFloat16((float) value)));
    }
}
