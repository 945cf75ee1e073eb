package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.Movement;
import java.util.List;

/** Some positions of an axis; the gradient is zero elsewhere. Slices of the first axis share memory. */
record Slice(Tensor x, int axis, int start, Shape shape) implements Op {
    static Tensor apply(Tensor x, int axis, int start, int count) {
        int index = x.shape().axis(axis);
        long end = (long) start + count;
        if (start < 0 || count < 0 || end > x.dim(index)) {
            throw new ShapeException("slice of " + x.shape() + ": positions " + start + " to " + end + " of axis " + axis + " do not exist");
        }
        Slice slice = new Slice(x, index, start, x.shape().with(index, count));
        if (index > 0) {
            return Op.apply(slice);
        }
        Tensor y = x.view(slice.shape, start * x.shape().after(0));
        Recording.record(slice, y);
        return y;
    }

    @Override
    public String name() {
        return "slice";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        copy(backend, x.buffer(), start, x.dim(axis), out, 0, shape.dim(axis));
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of();
    }

    @Override
    public Tensor[] backward(Tensor y, Tensor dy) {
        Tensor dx = x.device().zeros(x.shape());
        copy(x.device().backend(), dy.buffer(), 0, shape.dim(axis), dx.buffer(), start, x.dim(axis));
        return new Tensor[] {dx};
    }

    private void copy(Backend backend, Buffer from, int fromStart, int fromSize, Buffer to, int toStart, int toSize) {
        Movement.AxisRange source = new Movement.AxisRange(fromStart, fromSize);
        Movement.AxisRange target = new Movement.AxisRange(toStart, toSize);
        backend.movement().copyAlongAxis(from, source, to, target, shape.before(axis), shape.dim(axis), shape.after(axis));
    }
}
