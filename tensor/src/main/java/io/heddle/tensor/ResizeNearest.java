package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.Extent;
import java.util.List;

/** Nearest-neighbour resize; the gradient sums over the copies of an element. */
record ResizeNearest(Tensor x, Extent from, Extent to, Shape shape) implements Op {
    static ResizeNearest of(Tensor x, Extent to) {
        Extent from = Conv2d.extent("resizeNearest", x);
        return new ResizeNearest(x, from, to, Shape.of(x.dim(0), to.height(), to.width(), x.dim(3)));
    }

    @Override
    public String name() {
        return "resizeNearest";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.movement().resizeNearest(x.buffer(), x.dim(0), from, to, x.dim(3), out);
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of();
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        Tensor dx = x.device().empty(x.shape());
        x.device().backend().movement().resizeNearestGradient(dy.buffer(), x.dim(0), from, to, x.dim(3), dx.buffer());
        return new Tensor[] {dx};
    }
}
