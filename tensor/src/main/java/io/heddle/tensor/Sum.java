package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;
import java.util.stream.IntStream;

/** {@code y = Σ x} over some axes;  {@code dx} repeats {@code dy} along them. */
record Sum(Tensor x, boolean[] reduced, Shape shape) implements Op {
    static Sum over(Tensor x, int[] axes) {
        boolean[] reduced = reduced(x, axes);
        return new Sum(x, reduced, remaining(x, reduced));
    }

    static boolean[] reduced(Tensor x, int[] axes) {
        boolean[] reduced = new boolean[x.shape().rank()];
        for (int axis : axes) {
            reduced[x.shape().axis(axis)] = true;
        }
        return reduced;
    }

    static Shape remaining(Tensor x, boolean[] reduced) {
        return Shape.of(IntStream.range(0, reduced.length).filter(i -> !reduced[i]).map(x::dim).toArray());
    }

    @Override
    public String name() {
        return "sum";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.reduction().sum(x.buffer(), x.shape().dims(), reduced, out);
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of();
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        Shape kept = x.shape();
        for (int i = 0; i < reduced.length; i++) {
            kept = reduced[i] ? kept.with(i, 1) : kept;
        }
        return new Tensor[] {dy.reshape(kept.dims()).plus(x.device().zeros(x.shape()))};
    }
}
