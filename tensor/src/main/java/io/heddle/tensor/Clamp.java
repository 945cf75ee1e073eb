package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;

/** {@code y = min(max(x, low), high);  dx = dy where low ≤ x ≤ high, else 0}. */
record Clamp(Tensor x, float low, float high) implements Op {
    @Override
    public String name() {
        return "clamp";
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
        backend.pointwise().clamp(x.buffer(), low, high, out);
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        Tensor dx = x.device().empty(x.shape());
        x.device().backend().pointwise().clampGradient(x.buffer(), low, high, dy.buffer(), dx.buffer());
        return new Tensor[] {dx};
    }
}
