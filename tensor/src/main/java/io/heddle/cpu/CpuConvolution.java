package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.Convolution;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import org.jspecify.annotations.Nullable;

/** Convolution by the way that suits a shape: a plain product, Winograd's algorithm, or gathered patches, in panels where the weight is small. */
final class CpuConvolution implements Convolution {
    private final Workers workers;
    private final CpuLinear linear;
    private final WinogradConvolution winograd;
    private final WinogradWeightGradient winogradGradient;
    private final PanelConvolution panels;
    private final PatchConvolution patches;
    private final Scratch turnedWeights = new Scratch();

    /** Products by {@code gemm}, or beside it, on {@code workers}; 1x1 kernels by {@code linear}. */
    CpuConvolution(Workers workers, Gemm gemm, CpuLinear linear) {
        this.workers = workers;
        this.linear = linear;
        this.winograd = new WinogradConvolution(workers, PanelGemm.beside(gemm));
        this.winogradGradient = new WinogradWeightGradient(workers, new TallProduct(gemm));
        this.panels = new PanelConvolution(workers, PanelGemm.beside(gemm));
        this.patches = new PatchConvolution(workers, gemm);
    }

    @Override
    public void forward(
            Buffer x, Buffer weight, long version, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y) {
        if (shape.isLinear()) {
            linear.linear(x, weight, bias, residual, shape.asLinear(), y);
        } else if (WinogradConvolution.suits(shape)) {
            winograd.forward(x, weight, version, bias, residual, shape, y);
        } else {
            gather(x, weight, bias, residual, shape, y);
        }
    }

    private void gather(Buffer x, Buffer weight, @Nullable Buffer bias, @Nullable Buffer residual, ConvolutionShape shape, Buffer y) {
        if (panels.suits(shape)) {
            panels.forward(x, weight, bias, residual, shape, y);
        } else {
            patches.forward(x, weight, bias, residual, shape, y);
        }
    }

    @Override
    public void inputGradient(Buffer dy, Buffer weight, long version, ConvolutionShape shape, Buffer dx) {
        if (shape.isLinear()) {
            linear.linearInputGradient(dy, weight, shape.asLinear(), dx);
        } else if (WinogradConvolution.suits(shape)) {
            winograd.inputGradient(dy, weight, version, shape, dx);
        } else if (shape.stride() == 1 && weight.length() <= PanelConvolution.LARGEST) {
            gather(dy, turned(weight, shape), null, null, backward(shape), dx);
        } else {
            patches.inputGradient(dy, weight, shape, dx);
        }
    }

    /** The convolution of stride 1 that gives the gradient of an input: inputs and outputs exchanged, the kernel turned by half a turn. */
    static ConvolutionShape backward(ConvolutionShape shape) {
        Padding p = shape.padding();
        int down = shape.kernel().height() - 1;
        int across = shape.kernel().width() - 1;
        Padding turned = new Padding(down - p.top(), across - p.left(), down - p.bottom(), across - p.right());
        return new ConvolutionShape(shape.rows(), shape.output(), shape.out(), shape.in(), shape.kernel(), 1, turned);
    }

    /** The weight {@code [in, kernel.height, kernel.width, out]} of {@link #backward}, in working space. */
    private Buffer turned(Buffer weight, ConvolutionShape shape) {
        int cells = shape.kernel().cells();
        HeapBuffer w = HeapBuffer.of(weight, (long) shape.out() * cells * shape.in());
        float[] to = turnedWeights.array(w.size());
        for (int p = 0; p < cells; p++) {
            Transposition.copy(
                    Matrix.of(w.array(), w.offset() + p * shape.in(), shape.out(), shape.in(), cells * shape.in()),
                    Matrix.of(to, (cells - 1 - p) * shape.out(), shape.in(), shape.out(), cells * shape.out()));
        }
        return new HeapBuffer(to, 0, w.size());
    }

    @Override
    public void weightGradient(Buffer x, Buffer dy, ConvolutionShape shape, Buffer dWeight, @Nullable Buffer dBias) {
        if (shape.isLinear()) {
            linear.linearWeightGradient(x, dy, shape.asLinear(), dWeight, dBias);
            return;
        }
        if (WinogradWeightGradient.suits(shape)) {
            winogradGradient.run(x, dy, shape, HeapBuffer.of(dWeight, (long) shape.out() * shape.kernel().cells() * shape.in()));
        } else {
            patches.weightGradient(x, dy, shape, dWeight);
        }
        if (dBias != null) {
            Matrix cells = Matrix.of(dy, (long) shape.rows() * shape.output().cells(), shape.out());
            ColumnSums.write(cells, HeapBuffer.of(dBias, shape.out()), workers);
        }
    }
}
