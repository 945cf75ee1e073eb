package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Axis {@code i} of {@code y} is axis {@code axes[i]} of {@code x}; the gradient takes the inverse permutation. */
record Permute(Tensor x, int[] axes, Shape shape) implements Op {
    static Permute of(Tensor x, int[] axes) {
        int rank = x.shape().rank();
        int[] indices = IntStream.of(axes).map(x.shape()::axis).toArray();
        if (axes.length != rank || IntStream.of(indices).distinct().count() != rank) {
            throw new ShapeException("permute of " + x.shape() + ": " + Arrays.toString(axes) + " is not a permutation of its axes");
        }
        return new Permute(x, indices, Shape.of(IntStream.of(indices).map(x::dim).toArray()));
    }

    @Override
    public String name() {
        return "permute";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.movement().permute(x.buffer(), x.shape().dims(), axes, out);
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of();
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        int[] inverse = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            inverse[axes[i]] = i;
        }
        return new Tensor[] {dy.permute(inverse)};
    }
}
