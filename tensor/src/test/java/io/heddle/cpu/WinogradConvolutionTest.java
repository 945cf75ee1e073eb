package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import io.heddle.testkit.Tolerances;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WinogradConvolutionTest {
    @AutoClose
    private final Workers workers = new Workers(2);

    static Stream<Arguments> shapes() {
        return Stream.of(
                argumentSet("even", shape(2, 8, 6, 5, 7, Padding.all(1))),
                argumentSet("odd", shape(2, 7, 5, 5, 3, Padding.all(1))),
                argumentSet("unpadded", shape(1, 6, 7, 4, 4, Padding.NONE)),
                argumentSet("one channel", shape(1, 9, 9, 1, 1, Padding.all(1))),
                argumentSet("one cell", shape(3, 1, 1, 4, 5, Padding.all(1))),
                argumentSet("asymmetric", shape(2, 5, 6, 3, 4, new Padding(0, 2, 1, 0))),
                argumentSet("padded beyond the kernel", shape(1, 4, 4, 3, 4, new Padding(3, 4, 3, 3))),
                argumentSet("several blocks and panels", shape(2, 18, 20, 37, 70, Padding.all(1))),
                argumentSet("sums of several parts", shape(1, 6, 6, 700, 33, Padding.all(1))));
    }

    private static ConvolutionShape shape(int rows, int height, int width, int in, int out, Padding padding) {
        return new ConvolutionShape(rows, new Extent(height, width), in, out, new Extent(3, 3), 1, padding);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void outputAndInputGradient_matchTheDefinition(ConvolutionShape shape) {
        Values values = new Values(shape.hashCode());
        NaiveConvolution naive = new NaiveConvolution(shape);
        HeapBuffer x = values.normal(shape.rows() * shape.input().cells() * shape.in());
        HeapBuffer w = values.normal(shape.out() * 9 * shape.in());
        HeapBuffer bias = values.normal(shape.out());
        HeapBuffer dy = values.normal(shape.rows() * shape.output().cells() * shape.out());
        for (PanelGemm gemm : List.of(new PackingPanelGemm(new PlainGemm()), new VectorPanelGemm())) {
            WinogradConvolution convolution = new WinogradConvolution(workers, gemm);
            HeapBuffer y = Values.unwritten(dy.size());
            HeapBuffer dx = Values.unwritten(x.size());
            convolution.forward(x, w, 1, bias, null, shape, y);
            convolution.inputGradient(dy, w, 1, shape, dx);
            Values.assertClose(y, naive.forward(Values.copy(x), Values.copy(w), Values.copy(bias), null), Tolerances.CONVOLUTION, "y");
            Values.assertClose(dx, naive.inputGradient(Values.copy(dy), Values.copy(w)), Tolerances.CONVOLUTION, "dx");
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void weightGradient_matchesTheDefinition(ConvolutionShape shape) {
        Values values = new Values(shape.hashCode());
        HeapBuffer x = values.normal(shape.rows() * shape.input().cells() * shape.in());
        HeapBuffer dy = values.normal(shape.rows() * shape.output().cells() * shape.out());
        double[] expected = new NaiveConvolution(shape).weightGradient(Values.copy(x), Values.copy(dy));
        for (Gemm gemm : List.of(new PlainGemm(), new VectorGemm())) {
            HeapBuffer dw = Values.unwritten(expected.length);
            new WinogradWeightGradient(workers, new TallProduct(gemm)).run(x, dy, shape, dw);
            Values.assertClose(dw, expected, Tolerances.CONVOLUTION, "dw");
        }
    }

    @Test
    void derivedWeights_areDroppedWhenTheVersionChanges() {
        ConvolutionShape shape = shape(1, 8, 8, 6, 6, Padding.all(1));
        Values values = new Values(3);
        NaiveConvolution naive = new NaiveConvolution(shape);
        WinogradConvolution convolution = new WinogradConvolution(workers, PanelGemm.beside(new PlainGemm()));
        HeapBuffer x = values.normal(64 * 6);
        HeapBuffer w = values.normal(9 * 36);
        for (int version = 1; version <= 2; version++) {
            w.array()[w.offset() + 7] += 3;
            HeapBuffer y = Values.unwritten(x.size());
            HeapBuffer dx = Values.unwritten(x.size());
            convolution.forward(x, w, version, null, null, shape, y);
            convolution.inputGradient(x, w, version, shape, dx);
            Values.assertClose(y, naive.forward(Values.copy(x), Values.copy(w), null, null), Tolerances.CONVOLUTION, "y");
            Values.assertClose(dx, naive.inputGradient(Values.copy(x), Values.copy(w)), Tolerances.CONVOLUTION, "dx");
        }
    }

    @Test
    void transforms_haveTheSameBitsInEveryImplementation() {
        int channels = 37;
        float[] x = new Values(4).normal(WinogradTransform.POINTS * channels).array();
        int[] at = new int[WinogradTransform.POINTS];
        Arrays.setAll(at, p -> (WinogradTransform.POINTS - 1 - p) * channels);
        float[][] v = new float[2][WinogradTransform.POINTS * channels];
        float[][] y = new float[2][4 * channels];
        float[][] dm = new float[2][WinogradTransform.POINTS * channels];
        List<WinogradTransform> implementations = List.of(new PlainWinogradTransform(), new VectorWinogradTransform());
        for (int i = 0; i < 2; i++) {
            implementations.get(i).input(x, at, channels, v[i], 0, channels);
            implementations.get(i).output(x, 0, channels, channels, y[i]);
            implementations.get(i).outputGradient(x, new int[] {channels, 0, 3 * channels, 2 * channels}, channels, dm[i], 0, channels);
        }
        assertThat(v[1]).isEqualTo(v[0]);
        assertThat(y[1]).isEqualTo(y[0]);
        assertThat(dm[1]).isEqualTo(dm[0]);
    }
}
