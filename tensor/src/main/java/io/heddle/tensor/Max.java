package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;

/** {@code y = max x} over some axes. */
record Max(Tensor x, boolean[] reduced, Shape shape) implements Op {
    static Max over(Tensor x, int[] axes) {
        boolean[] reduced = Sum.reduced(x, axes);
        return new Max(x, reduced, Sum.remaining(x, reduced));
    }

    @Override
    public String name() {
        return "max";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.reduction().max(x.buffer(), x.shape().dims(), reduced, out);
    }
}
