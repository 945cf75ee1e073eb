package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.LinearKernels.LinearShape;
import io.heddle.spi.LinearKernels.MatmulShape;
import io.heddle.testkit.Tolerances;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CpuLinearTest {
    private static final List<LinearShape> SHAPES = List.of(
            new LinearShape(3, 1, 40, 70),
            new LinearShape(2, 77, 48, 33),
            new LinearShape(1, 600, 19, 21),
            new LinearShape(2, 300, 96, 130),
            new LinearShape(3, 64, 700, 20),
            new LinearShape(4, 0, 3, 3),
            new LinearShape(0, 5, 3, 3));

    @AutoClose
    private final Workers workers = new Workers(2);

    @ParameterizedTest
    @EnumSource
    void linear_matchesTheDefinition(GemmChoice choice) {
        CpuLinear linear = new CpuLinear(workers, choice.open());
        for (LinearShape shape : SHAPES) {
            Case c = new Case(shape);
            for (int flags = 0; flags < 4; flags++) {
                HeapBuffer bias = (flags & 1) == 0 ? null : c.bias;
                HeapBuffer residual = (flags & 2) == 0 ? null : c.dy;
                HeapBuffer y = Values.unwritten(c.dy.size());
                linear.linear(c.x, c.w, bias, residual, shape, y);
                double[] expected = new double[y.size()];
                for (int i = 0; i < expected.length; i++) {
                    int o = i % shape.out();
                    expected[i] = (bias == null ? 0 : at(bias, o)) + (residual == null ? 0 : at(residual, i));
                    for (int k = 0; k < shape.in(); k++) {
                        expected[i] += (double) at(c.x, i / shape.out() * shape.in() + k) * at(c.w, o * shape.in() + k);
                    }
                }
                Values.assertClose(y, expected, Tolerances.PRODUCT, shape.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradients_matchTheDefinition(GemmChoice choice) {
        CpuLinear linear = new CpuLinear(workers, choice.open());
        for (LinearShape shape : SHAPES) {
            Case c = new Case(shape);
            HeapBuffer dx = Values.unwritten(c.x.size());
            HeapBuffer dw = Values.unwritten(c.w.size());
            HeapBuffer db = Values.unwritten(shape.out());
            linear.linearInputGradient(c.dy, c.w, shape, dx);
            linear.linearWeightGradient(c.x, c.dy, shape, dw, db);
            double[] expectedX = new double[dx.size()];
            double[] expectedW = new double[dw.size()];
            double[] expectedB = new double[db.size()];
            for (int n = 0; n < shape.rows() * shape.tokens(); n++) {
                for (int o = 0; o < shape.out(); o++) {
                    double dy = at(c.dy, n * shape.out() + o);
                    expectedB[o] += dy;
                    for (int i = 0; i < shape.in(); i++) {
                        expectedX[n * shape.in() + i] += dy * at(c.w, o * shape.in() + i);
                        expectedW[o * shape.in() + i] += dy * at(c.x, n * shape.in() + i);
                    }
                }
            }
            Values.assertClose(dx, expectedX, Tolerances.PRODUCT, "dx " + shape);
            Values.assertClose(dw, expectedW, Tolerances.PRODUCT, "dw " + shape);
            Values.assertClose(db, expectedB, Tolerances.PRODUCT, "db " + shape);
        }
    }

    @ParameterizedTest
    @EnumSource
    void matmul_matchesTheDefinition_forEveryTransposition(GemmChoice choice) {
        CpuLinear linear = new CpuLinear(workers, choice.open());
        for (int flags = 0; flags < 4; flags++) {
            boolean transposeA = (flags & 1) != 0;
            boolean transposeB = (flags & 2) != 0;
            MatmulShape shape = new MatmulShape(3, 270, 9, 14, transposeA, transposeB);
            Values values = new Values(flags);
            HeapBuffer a = values.normal(3 * 270 * 14);
            HeapBuffer b = values.normal(3 * 14 * 9);
            HeapBuffer c = Values.unwritten(3 * 270 * 9);
            linear.matmul(a, b, shape, c);
            double[] expected = new double[c.size()];
            for (int i = 0; i < expected.length; i++) {
                int n = i / (270 * 9);
                int row = i / 9 % 270;
                int column = i % 9;
                for (int k = 0; k < 14; k++) {
                    expected[i] += (double) at(a, n * 270 * 14 + (transposeA ? k * 270 + row : row * 14 + k))
                            * at(b, n * 14 * 9 + (transposeB ? column * 14 + k : k * 9 + column));
                }
            }
            Values.assertClose(c, expected, Tolerances.PRODUCT, shape.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void bits_doNotDependOnTheNumberOfThreads(GemmChoice choice) {
        Gemm gemm = choice.open();
        for (LinearShape shape : SHAPES) {
            Case c = new Case(shape);
            List<float[]> expected = null;
            for (int threads = 1; threads <= 3; threads++) {
                try (Workers some = new Workers(threads)) {
                    List<float[]> results = c.results(new CpuLinear(some, gemm));
                    expected = expected == null ? results : expected;
                    for (int i = 0; i < results.size(); i++) {
                        assertThat(results.get(i)).isEqualTo(expected.get(i));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowsBits_doNotDependOnItsNeighbours(GemmChoice choice) {
        CpuLinear some = new CpuLinear(workers, choice.open());
        for (LinearShape shape : SHAPES) {
            Case c = new Case(shape);
            HeapBuffer y = Values.unwritten(c.dy.size());
            HeapBuffer dx = Values.unwritten(c.x.size());
            some.linear(c.x, c.w, c.bias, c.dy, shape, y);
            some.linearInputGradient(c.dy, c.w, shape, dx);
            LinearShape one = new LinearShape(1, shape.tokens(), shape.in(), shape.out());
            int in = shape.tokens() * shape.in();
            int out = shape.tokens() * shape.out();
            for (int row = 0; row < shape.rows(); row++) {
                HeapBuffer yAlone = Values.unwritten(out);
                HeapBuffer dxAlone = Values.unwritten(in);
                some.linear(c.x.slice((long) row * in, in), c.w, c.bias, c.dy.slice((long) row * out, out), one, yAlone);
                some.linearInputGradient(c.dy.slice((long) row * out, out), c.w, one, dxAlone);
                assertThat(Values.copy(yAlone)).isEqualTo(Values.copy(y.slice((long) row * out, out)));
                assertThat(Values.copy(dxAlone)).isEqualTo(Values.copy(dx.slice((long) row * in, in)));
            }
        }
    }

    private static float at(HeapBuffer buffer, int index) {
        return buffer.array()[buffer.offset() + index];
    }

    /** Seeded operands of one shape. */
    private static final class Case {
        private final LinearShape shape;
        private final HeapBuffer x;
        private final HeapBuffer w;
        private final HeapBuffer bias;
        private final HeapBuffer dy;

        Case(LinearShape shape) {
            Values values = new Values(shape.hashCode());
            this.shape = shape;
            this.x = values.normal(shape.rows() * shape.tokens() * shape.in());
            this.w = values.normal(shape.out() * shape.in());
            this.bias = values.normal(shape.out());
            this.dy = values.normal(shape.rows() * shape.tokens() * shape.out());
        }

        List<float[]> results(CpuLinear linear) {
            List<HeapBuffer> results = new ArrayList<>();
            for (int size : new int[] {dy.size(), x.size(), w.size(), shape.out()}) {
                results.add(Values.unwritten(size));
            }
            linear.linear(x, w, bias, dy, shape, results.get(0));
            linear.linearInputGradient(dy, w, shape, results.get(1));
            linear.linearWeightGradient(x, dy, shape, results.get(2), results.get(3));
            return results.stream().map(Values::copy).toList();
        }
    }
}
