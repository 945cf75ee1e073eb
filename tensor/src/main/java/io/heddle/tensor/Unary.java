package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.UnaryOp;
import java.util.List;

/** {@code y = f(x);  dx = f'(x) ∘ dy}. */
record Unary(UnaryOp op, Tensor x) implements Op {
    @Override
    public String name() {
        return op.name().toLowerCase(java.util.Locale.ROOT);
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
        backend.pointwise().unary(op, x.buffer(), out);
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        Tensor dx = x.device().empty(x.shape());
        x.device().backend().pointwise().unaryGradient(op, x.buffer(), dy.buffer(), dx.buffer());
        return new Tensor[] {dx};
    }
}
