package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;

/** {@code y = e^x / Σ e^x} over the last axis;  {@code dx = y ∘ (dy − Σ y·dy)}. */
record Softmax(Tensor x) implements Op {
    @Override
    public String name() {
        return "softmax";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return x.shape();
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.reduction().softmax(x.buffer(), x.dim(-1), out);
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of(y);
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        Tensor dx = x.device().empty(x.shape());
        x.device().backend().reduction().softmaxGradient(y.buffer(), x.dim(-1), dy.buffer(), dx.buffer());
        return new Tensor[] {dx};
    }
}
