package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;

/** {@code y = a ∘ gelu(g)} with {@code x = [a | g]};  {@code da = dy ∘ gelu(g), dg = dy ∘ a ∘ gelu'(g)}. */
record Geglu(Tensor x, Shape shape) implements Op {
    static Geglu of(Tensor x) {
        if (x.dim(-1) % 2 != 0) {
            throw new ShapeException("geglu halves the last axis, but the shape is " + x.shape());
        }
        return new Geglu(x, x.shape().with(-1, x.dim(-1) / 2));
    }

    @Override
    public String name() {
        return "geglu";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.pointwise().geglu(x.buffer(), shape.dim(-1), out);
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        Tensor dx = x.device().empty(x.shape());
        x.device().backend().pointwise().gegluGradient(x.buffer(), shape.dim(-1), dy.buffer(), dx.buffer());
        return new Tensor[] {dx};
    }
}
