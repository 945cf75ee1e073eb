package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.heddle.spi.Convolution;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import io.heddle.testkit.Tolerances;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CpuConvolutionTest {
    private static final Extent THREE = new Extent(3, 3);

    @AutoClose
    private final Workers workers = new Workers(2);

    private final Gemm gemm = new PlainGemm();
    private final Convolution convolution = new CpuConvolution(workers, gemm, new CpuLinear(workers, gemm));

    static Stream<Arguments> shapes() {
        return Stream.of(
                argumentSet("1x1", shape(2, 5, 7, 6, 9, 1, 1, 1, Padding.NONE)),
                argumentSet("1x1, stride 2", shape(2, 5, 6, 3, 4, 1, 1, 2, Padding.NONE)),
                argumentSet("1x1, padded", shape(1, 3, 4, 3, 4, 1, 1, 1, Padding.all(1))),
                argumentSet("3x3, even", shape(2, 12, 14, 5, 7, 3, 3, 1, Padding.all(1))),
                argumentSet("3x3, odd", shape(2, 13, 11, 5, 3, 3, 3, 1, Padding.all(1))),
                argumentSet("3x3, unpadded", shape(1, 13, 16, 4, 4, 3, 3, 1, Padding.NONE)),
                argumentSet("3x3, one channel", shape(1, 12, 12, 1, 1, 3, 3, 1, Padding.all(1))),
                argumentSet("3x3, few tiles", shape(2, 7, 5, 5, 3, 3, 3, 1, Padding.all(1))),
                argumentSet("3x3, one cell", shape(3, 1, 1, 4, 5, 3, 3, 1, Padding.all(1))),
                argumentSet("3x3, asymmetric", shape(2, 11, 14, 3, 4, 3, 3, 1, new Padding(0, 2, 1, 0))),
                argumentSet("3x3, padded beyond the kernel", shape(1, 9, 8, 3, 4, 3, 3, 1, new Padding(3, 4, 3, 3))),
                argumentSet("3x3, many tiles", shape(2, 34, 31, 35, 40, 3, 3, 1, Padding.all(1))),
                argumentSet("3x3, few tiles of many channels", shape(2, 5, 6, 34, 37, 3, 3, 1, Padding.all(1))),
                argumentSet("3x3, stride 2", shape(2, 8, 8, 5, 6, 3, 3, 2, Padding.all(1))),
                argumentSet("3x3, stride 2, asymmetric", shape(2, 8, 7, 5, 6, 3, 3, 2, new Padding(0, 0, 1, 1))),
                argumentSet("3x3, stride 2, many tiles", shape(1, 41, 39, 20, 33, 3, 3, 2, Padding.all(1))),
                argumentSet("2x4", shape(2, 5, 9, 3, 4, 2, 4, 1, Padding.all(1))),
                argumentSet("8x8, stride 8", shape(1, 24, 16, 3, 20, 8, 8, 8, Padding.NONE)),
                argumentSet("no row", shape(0, 4, 4, 3, 4, 3, 3, 1, Padding.all(1))));
    }

    private static ConvolutionShape shape(int rows, int height, int width, int in, int out, int kh, int kw, int stride, Padding padding) {
        return new ConvolutionShape(rows, new Extent(height, width), in, out, new Extent(kh, kw), stride, padding);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void forward_matchesTheDefinition(ConvolutionShape shape) {
        Case c = new Case(shape);
        HeapBuffer y = c.unwrittenOutput();
        convolution.forward(c.x, c.w, 1, null, null, shape, y);
        Values.assertClose(y, c.naive.forward(Values.copy(c.x), Values.copy(c.w), null, null), Tolerances.CONVOLUTION, "y");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyProvider_matchesTheDefinition(ConvolutionShape shape) {
        Case c = new Case(shape);
        for (GemmChoice choice : GemmChoice.values()) {
            Gemm some = choice.open();
            List<HeapBuffer> results = c.results(new CpuConvolution(workers, some, new CpuLinear(workers, some)));
            double[] y = c.naive.forward(Values.copy(c.x), Values.copy(c.w), Values.copy(c.bias), Values.copy(c.residual));
            Values.assertClose(results.get(0), y, Tolerances.CONVOLUTION, choice + " y");
            Values.assertClose(results.get(1), c.naive.inputGradient(Values.copy(c.dy), Values.copy(c.w)), Tolerances.CONVOLUTION, choice + " dx");
            Values.assertClose(results.get(2), c.naive.weightGradient(Values.copy(c.x), Values.copy(c.dy)), Tolerances.CONVOLUTION, choice + " dw");
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void forward_addsBiasAndResidual(ConvolutionShape shape) {
        Case c = new Case(shape);
        for (int flags = 1; flags < 4; flags++) {
            HeapBuffer bias = (flags & 1) == 0 ? null : c.bias;
            HeapBuffer residual = (flags & 2) == 0 ? null : c.residual;
            HeapBuffer y = c.unwrittenOutput();
            convolution.forward(c.x, c.w, 1, bias, residual, shape, y);
            double[] expected = c.naive.forward(
                    Values.copy(c.x), Values.copy(c.w), bias == null ? null : Values.copy(bias), residual == null ? null : Values.copy(residual));
            Values.assertClose(y, expected, Tolerances.CONVOLUTION, "y");
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradients_matchTheDefinition(ConvolutionShape shape) {
        Case c = new Case(shape);
        HeapBuffer dx = Values.unwritten(c.x.size());
        HeapBuffer dw = Values.unwritten(c.w.size());
        HeapBuffer db = Values.unwritten(shape.out());
        convolution.inputGradient(c.dy, c.w, 1, shape, dx);
        convolution.weightGradient(c.x, c.dy, shape, dw, db);
        Values.assertClose(dx, c.naive.inputGradient(Values.copy(c.dy), Values.copy(c.w)), Tolerances.CONVOLUTION, "dx");
        Values.assertClose(dw, c.naive.weightGradient(Values.copy(c.x), Values.copy(c.dy)), Tolerances.CONVOLUTION, "dw");
        Values.assertClose(db, c.naive.biasGradient(Values.copy(c.dy)), Tolerances.CONVOLUTION, "db");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void bits_doNotDependOnTheNumberOfThreads(ConvolutionShape shape) {
        Case c = new Case(shape);
        Gemm chosen = GemmChoice.chosen();
        List<HeapBuffer> expected = null;
        for (int threads = 1; threads <= 3; threads++) {
            try (Workers some = new Workers(threads)) {
                List<HeapBuffer> results = c.results(new CpuConvolution(some, chosen, new CpuLinear(some, chosen)));
                expected = expected == null ? results : expected;
                for (int i = 0; i < results.size(); i++) {
                    assertThat(Values.copy(results.get(i))).isEqualTo(Values.copy(expected.get(i)));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aRowsBits_doNotDependOnItsNeighbours(ConvolutionShape shape) {
        Case c = new Case(shape);
        Gemm chosen = GemmChoice.chosen();
        Convolution fast = new CpuConvolution(workers, chosen, new CpuLinear(workers, chosen));
        HeapBuffer y = c.unwrittenOutput();
        HeapBuffer dx = Values.unwritten(c.x.size());
        fast.forward(c.x, c.w, 1, c.bias, c.residual, shape, y);
        fast.inputGradient(c.dy, c.w, 1, shape, dx);
        ConvolutionShape one = new ConvolutionShape(1, shape.input(), shape.in(), shape.out(), shape.kernel(), shape.stride(), shape.padding());
        for (int row = 0; row < shape.rows(); row++) {
            HeapBuffer yAlone = Values.unwritten(row(y, row, shape).size());
            HeapBuffer dxAlone = Values.unwritten(row(dx, row, shape).size());
            fast.forward(row(c.x, row, shape), c.w, 1, c.bias, row(c.residual, row, shape), one, yAlone);
            fast.inputGradient(row(c.dy, row, shape), c.w, 1, one, dxAlone);
            assertThat(Values.copy(yAlone)).isEqualTo(Values.copy(row(y, row, shape)));
            assertThat(Values.copy(dxAlone)).isEqualTo(Values.copy(row(dx, row, shape)));
        }
    }

    private static HeapBuffer row(HeapBuffer rows, int row, ConvolutionShape shape) {
        int size = rows.size() / shape.rows();
        return rows.slice((long) row * size, size);
    }

    /** Seeded operands of one shape. */
    private static final class Case {
        private final ConvolutionShape shape;
        private final NaiveConvolution naive;
        private final HeapBuffer x;
        private final HeapBuffer w;
        private final HeapBuffer bias;
        private final HeapBuffer residual;
        private final HeapBuffer dy;

        Case(ConvolutionShape shape) {
            Values values = new Values(shape.hashCode());
            this.shape = shape;
            this.naive = new NaiveConvolution(shape);
            this.x = values.normal(shape.rows() * shape.input().cells() * shape.in());
            this.w = values.normal(shape.out() * shape.kernel().cells() * shape.in());
            this.bias = values.normal(shape.out());
            this.residual = values.normal(shape.rows() * shape.output().cells() * shape.out());
            this.dy = values.normal(residual.size());
        }

        HeapBuffer unwrittenOutput() {
            return Values.unwritten(residual.size());
        }

        List<HeapBuffer> results(Convolution convolution) {
            HeapBuffer y = unwrittenOutput();
            HeapBuffer dx = Values.unwritten(x.size());
            HeapBuffer dw = Values.unwritten(w.size());
            HeapBuffer db = Values.unwritten(shape.out());
            convolution.forward(x, w, 1, bias, residual, shape, y);
            convolution.inputGradient(dy, w, 1, shape, dx);
            convolution.weightGradient(x, dy, shape, dw, db);
            return List.of(y, dx, dw, db);
        }
    }
}
