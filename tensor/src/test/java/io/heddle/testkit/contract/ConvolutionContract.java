package io.heddle.testkit.contract;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

interface ConvolutionContract extends Contract {
    /** A version for each use of a weight, as buffers are reused with other contents. */
    AtomicLong VERSIONS = new AtomicLong();

    /** Kernels of one, three and five cells; strides of one and two; padding on all sides, on two, and none; odd sizes. */
    static Stream<ConvolutionShape> convolutions() {
        Padding one = Padding.all(1);
        Padding below = new Padding(0, 0, 1, 1);
        return Stream.of(
                shape(1, 1, 1, 1, 1, 1, Padding.NONE),
                shape(5, 7, 33, 9, 1, 1, Padding.NONE),
                shape(5, 6, 4, 3, 1, 2, Padding.NONE),
                shape(1, 1, 2, 3, 3, 1, one),
                shape(2, 3, 4, 5, 3, 1, one),
                shape(4, 4, 1, 1, 3, 1, one),
                shape(8, 8, 32, 16, 3, 1, one),
                shape(13, 9, 7, 33, 3, 1, one),
                shape(16, 17, 16, 40, 3, 1, one),
                shape(5, 9, 3, 4, 3, 1, Padding.NONE),
                shape(8, 8, 12, 20, 3, 2, one),
                shape(9, 7, 5, 6, 3, 2, one),
                shape(8, 6, 9, 4, 3, 2, below),
                shape(7, 9, 4, 33, 3, 2, below),
                shape(31, 35, 3, 5, 3, 1, one),
                shape(3, 4, 300, 6, 3, 1, one),
                shape(40, 36, 3, 4, 3, 2, one),
                shape(6, 5, 3, 4, 5, 1, Padding.all(2)),
                new ConvolutionShape(ROWS, new Extent(6, 5), 3, 4, new Extent(3, 1), 1, new Padding(1, 0, 1, 0)));
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.ConvolutionContract#convolutions")
    default void convolution_correlatesAndAdds(ConvolutionShape shape) {
        int x = shape.input().cells() * shape.in();
        int w = shape.out() * products(shape);
        int y = shape.output().cells() * shape.out();
        trial("convolution", shape)
                .rowInput(x)
                .input(w)
                .rowOutput(y, Tolerances.convolution(products(shape)))
                .sumsProducts()
                .check((backend, rows, t) -> backend.convolution().forward(t[0], t[1], version(), null, null, shape.ofRows(rows), t[2]));
        trial("convolution with bias and residual", shape)
                .rowInput(x)
                .input(w)
                .input(shape.out())
                .rowInput(y)
                .rowOutput(y, Tolerances.convolution(products(shape) + 2))
                .sumsProducts()
                .check((backend, rows, t) -> backend.convolution().forward(t[0], t[1], version(), t[2], t[3], shape.ofRows(rows), t[4]));
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.ConvolutionContract#convolutions")
    default void convolutionInputGradient_isTheDerivative(ConvolutionShape shape) {
        trial("convolution's inputGradient", shape)
                .rowInput(shape.output().cells() * shape.out())
                .input(shape.out() * products(shape))
                .rowOutput(shape.input().cells() * shape.in(), Tolerances.convolution((long) shape.kernel().cells() * shape.out()))
                .sumsProducts()
                .check((backend, rows, t) -> backend.convolution().inputGradient(t[0], t[1], version(), shape.ofRows(rows), t[2]));
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.contract.ConvolutionContract#convolutions")
    default void convolutionWeightGradient_sumsOverRowsAndCells(ConvolutionShape shape) {
        int terms = ROWS * shape.output().cells();
        trial("convolution's weightGradient", shape)
                .input(ROWS * shape.input().cells() * shape.in())
                .input(terms * shape.out())
                .output(shape.out() * products(shape), Tolerances.sum(terms))
                .output(shape.out(), Tolerances.sum(terms))
                .sumsProducts()
                .check((backend, rows, t) -> backend.convolution().weightGradient(t[0], t[1], shape, t[2], t[3]));
        trial("convolution's weightGradient without bias", shape)
                .input(ROWS * shape.input().cells() * shape.in())
                .input(terms * shape.out())
                .output(shape.out() * products(shape), Tolerances.sum(terms))
                .sumsProducts()
                .check((backend, rows, t) -> backend.convolution().weightGradient(t[0], t[1], shape, t[2], null));
    }

    @Test
    default void convolution_ofAChangedWeight_usesTheNewValues() {
        Backend backend = backends().single();
        ConvolutionShape shape = new ConvolutionShape(1, new Extent(6, 6), 8, 8, new Extent(3, 3), 1, Padding.all(1));
        try (Buffers buffers = new Buffers(backend)) {
            Buffer x = buffers.of(trial("input").normals(6 * 6 * 8));
            Buffer weight = buffers.of(trial("weight").normals(8 * 9 * 8));
            Buffer y = buffers.allocate(6 * 6 * 8);

            long version = version();
            backend.convolution().forward(x, weight, version, null, null, shape, y);
            float[] first = buffers.read(y);
            backend.convolution().forward(x, weight, version, null, null, shape, y);
            TensorAssert.assertSameBits("the same version again", buffers.read(y), first);

            backend.memory().fill(weight, 0);
            backend.convolution().forward(x, weight, version(), null, null, shape, y);
            TensorAssert.assertClose("a weight of zeros", buffers.read(y), new float[first.length], Tolerances.EXACT);
        }
    }

    private static long version() {
        return VERSIONS.incrementAndGet();
    }

    /** The products that one output element sums. */
    private static int products(ConvolutionShape shape) {
        return shape.kernel().cells() * shape.in();
    }

    private static ConvolutionShape shape(int height, int width, int in, int out, int kernel, int stride, Padding padding) {
        return new ConvolutionShape(ROWS, new Extent(height, width), in, out, new Extent(kernel, kernel), stride, padding);
    }
}
