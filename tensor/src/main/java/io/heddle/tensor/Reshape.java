package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.Arrays;
import java.util.List;

/** The same elements in another shape, without a copy. */
record Reshape(Tensor x, Shape shape) implements Op {
    static Tensor apply(Tensor x, int[] dims) {
        Shape shape = infer(x.shape(), dims);
        Tensor y = x.alias(shape);
        Recording.record(new Reshape(x, shape), y);
        return y;
    }

    private static Shape infer(Shape from, int[] dims) {
        int[] inferred = dims.clone();
        long known = 1;
        int open = -1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == -1 && open < 0) {
                open = i;
            } else {
                known *= dims[i];
            }
        }
        if (open >= 0 && known > 0) {
            inferred[open] = Math.toIntExact(from.size() / known);
        }
        Shape to = Shape.of(inferred);
        if (to.size() != from.size()) {
            throw new ShapeException("reshape of " + from + " to " + Arrays.toString(dims) + ": the numbers of elements differ");
        }
        return to;
    }

    @Override
    public String name() {
        return "reshape";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        throw new IllegalStateException("reshape shares memory and computes nothing");
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of();
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        return new Tensor[] {dy.reshape(x.shape().dims())};
    }
}
