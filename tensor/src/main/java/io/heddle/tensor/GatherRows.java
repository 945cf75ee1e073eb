package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;

/** {@code y[n] = x[index[n]]};  {@code dx[index[n]] += dy[n]}. */
record GatherRows(Tensor x, int[] index, Shape shape) implements Op {
    static GatherRows of(Tensor x, int[] index) {
        requireRows("gatherRows", x, index);
        return new GatherRows(x, index.clone(), x.shape().with(0, index.length));
    }

    /** Refuses rows that {@code x}, which the message calls {@code name}, does not have. */
    static void requireRows(String name, Tensor x, int... index) {
        for (int row : index) {
            if (row < 0 || row >= x.dim(0)) {
                throw new ShapeException(name + " of " + x.shape() + ": row " + row + " does not exist");
            }
        }
    }

    @Override
    public String name() {
        return "gatherRows";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.movement().gatherRows(x.buffer(), width(), index, out);
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of();
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        Tensor dx = x.device().zeros(x.shape());
        x.device().backend().movement().scatterAddRowsInPlace(dy.buffer(), width(), index, dx.buffer());
        return new Tensor[] {dx};
    }

    private int width() {
        return Math.toIntExact(x.shape().after(0));
    }
}
