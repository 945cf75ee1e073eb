package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.Movement.AxisRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tensors one after the other along an axis; the gradient is sliced. */
record Concat(int axis, List<Tensor> parts, Shape shape) implements Op {
    static Tensor apply(int axis, List<Tensor> parts) {
        Concat concat = of(axis, parts);
        return parts.size() == 1 ? parts.getFirst().reshape(concat.shape.dims()) : Op.apply(concat);
    }

    private static Concat of(int axis, List<Tensor> parts) {
        Shape first = parts.getFirst().shape();
        int index = first.axis(axis);
        int length = 0;
        for (Tensor part : parts) {
            length += part.dim(index);
            if (!part.shape().with(index, first.dim(index)).equals(first)) {
                throw new ShapeException("concat along axis " + axis + ": shapes " + first + " and " + part.shape() + " differ in another axis");
            }
        }
        return new Concat(index, List.copyOf(parts), first.with(index, length));
    }

    @Override
    public String name() {
        return "concat";
    }

    @Override
    public List<Tensor> inputs() {
        return parts;
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        int start = 0;
        for (Tensor part : parts) {
            int count = part.dim(axis);
            AxisRange from = new AxisRange(0, count);
            backend.movement().copyAlongAxis(part.buffer(), from, out, new AxisRange(start, shape.dim(axis)), shape.before(axis), count,
                    shape.after(axis));
            start += count;
        }
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return List.of();
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        @Nullable Tensor[] gradients = new @Nullable Tensor[parts.size()];
        int start = 0;
        for (int i = 0; i < gradients.length; i++) {
            Tensor part = parts.get(i);
            gradients[i] = needs(part) ? dy.slice(axis, start, part.dim(axis)) : null;
            start += part.dim(axis);
        }
        return gradients;
    }
}
