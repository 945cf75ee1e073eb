package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Cross-correlation with a kernel {@code [out, height, width, in]} on {@code [rows, height, width, in]}; gradients as correlations. */
record Conv2d(Tensor x, Tensor weight, @Nullable Tensor bias, @Nullable Tensor residual, ConvolutionShape sizes, Shape shape) implements Op {
    static Conv2d of(Tensor x, Tensor weight, @Nullable Tensor bias, @Nullable Tensor residual, int stride, Padding padding) {
        Extent input = extent("conv2d", x);
        if (weight.shape().rank() != 4 || weight.dim(3) != x.dim(3)) {
            throw new ShapeException("conv2d: a weight [out, height, width, in] of " + weight.shape() + " does not fit x " + x.shape());
        }
        if (stride < 1) {
            throw new ShapeException("conv2d: expected a stride of 1 or more, found " + stride);
        }
        Extent kernel = new Extent(weight.dim(1), weight.dim(2));
        ConvolutionShape sizes = new ConvolutionShape(x.dim(0), input, x.dim(3), weight.dim(0), kernel, stride, padding);
        Extent output = sizes.output();
        if (output.height() < 1 || output.width() < 1) {
            throw new ShapeException("conv2d: x " + x.shape() + " is smaller than the kernel of " + weight.shape());
        }
        Shape shape = Shape.of(x.dim(0), output.height(), output.width(), weight.dim(0));
        if (bias != null && !bias.shape().equals(Shape.of(weight.dim(0)))) {
            throw new ShapeException("conv2d: expected a bias of [" + weight.dim(0) + "], found " + bias.shape());
        }
        if (residual != null && !residual.shape().equals(shape)) {
            throw new ShapeException("conv2d: expected a residual of " + shape + ", found " + residual.shape());
        }
        return new Conv2d(x, weight, bias, residual, sizes, shape);
    }

    static Extent extent(String operation, Tensor x) {
        if (x.shape().rank() != 4) {
            throw new ShapeException(operation + " needs [rows, height, width, channels], but got " + x.shape());
        }
        return new Extent(x.dim(1), x.dim(2));
    }

    @Override
    public String name() {
        return "conv2d";
    }

    @Override
    public List<Tensor> inputs() {
        return Stream.of(x, weight, bias, residual).filter(Objects::nonNull).toList();
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        Buffer b = bias == null ? null : bias.buffer();
        Buffer r = residual == null ? null : residual.buffer();
        backend.convolution().forward(x.buffer(), weight.buffer(), weight.version(), b, r, sizes, out);
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return needs(weight) ? needs(x) ? List.of(x, weight) : List.of(x) : List.of(weight);
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        Device device = dy.device();
        List<@Nullable Tensor> gradients = new ArrayList<>();
        gradients.add(needs(x) ? inputGradient(device, dy) : null);
        Tensor dWeight = needs(weight) ? device.empty(weight.shape()) : null;
        Tensor dBias = bias != null && needs(bias) ? device.empty(bias.shape()) : null;
        if (dWeight != null) {
            Buffer db = dBias == null ? null : dBias.buffer();
            device.backend().convolution().weightGradient(x.buffer(), dy.buffer(), sizes, dWeight.buffer(), db);
        } else if (dBias != null) {
            dBias = Binary.reduceTo(dy, bias.shape());
        }
        gradients.add(dWeight);
        if (bias != null) {
            gradients.add(dBias);
        }
        if (residual != null) {
            gradients.add(needs(residual) ? dy : null);
        }
        return gradients.toArray(Tensor[]::new);
    }

    private Tensor inputGradient(Device device, Tensor dy) {
        Tensor dx = device.empty(x.shape());
        device.backend().convolution().inputGradient(dy.buffer(), weight.buffer(), weight.version(), sizes, dx.buffer());
        return dx;
    }
}
