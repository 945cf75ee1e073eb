package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;

/** {@code y = scale·x + shift;  dx = scale·dy}. */
record Affine(Tensor x, float scale, float shift) implements Op {
    @Override
    public String name() {
        return "affine";
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
        backend.pointwise().affine(x.buffer(), scale, shift, out);
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of();
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        return new Tensor[] {dy.times(scale)};
    }
}
