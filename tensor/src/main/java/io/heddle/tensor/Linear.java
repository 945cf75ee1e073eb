package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels.LinearShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code y = x·Wᵀ + b [+ residual]};  {@code dx = dy·W, dW = dyᵀ·x, db = Σ dy}. */
record Linear(Tensor x, Tensor weight, @Nullable Tensor bias, @Nullable Tensor residual, Shape shape) implements Op {
    static Linear of(Tensor x, Tensor weight, @Nullable Tensor bias, @Nullable Tensor residual) {
        if (x.shape().rank() < 2 || weight.shape().rank() != 2 || x.dim(-1) != weight.dim(1)) {
            throw new ShapeException("linear: x " + x.shape() + " needs the weight's " + weight.shape() + " second dimension as its last");
        }
        Shape shape = x.shape().with(-1, weight.dim(0));
        if (bias != null && !bias.shape().equals(Shape.of(weight.dim(0)))) {
            throw new ShapeException("linear: expected a bias of [" + weight.dim(0) + "], found " + bias.shape());
        }
        if (residual != null && !residual.shape().equals(shape)) {
            throw new ShapeException("linear: expected a residual of " + shape + ", found " + residual.shape());
        }
        return new Linear(x, weight, bias, residual, shape);
    }

    @Override
    public String name() {
        return "linear";
    }

    @Override
    public List<Tensor> inputs() {
        return Stream.of(x, weight, bias, residual).filter(Objects::nonNull).toList();
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        Buffer b = bias == null ? null : bias.buffer();
        Buffer r = residual == null ? null : residual.buffer();
        backend.linear().linear(x.buffer(), weight.buffer(), b, r, sizes(), out);
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
            device.backend().linear().linearWeightGradient(x.buffer(), dy.buffer(), sizes(), dWeight.buffer(), dBias == null ? null : dBias.buffer());
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
        device.backend().linear().linearInputGradient(dy.buffer(), weight.buffer(), sizes(), dx.buffer());
        return dx;
    }

    private LinearShape sizes() {
        int rows = x.dim(0);
        return new LinearShape(rows, Math.toIntExact(x.shape().before(-1) / Math.max(rows, 1)), x.dim(-1), weight.dim(0));
    }
}
