package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.BinaryOp;
import io.heddle.spi.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = f(a, b)} with broadcasting; gradients are summed back to each operand's shape. {@code a·b: da = b∘dy, db = a∘dy};
 * {@code a/b: da = dy/b, db = −(a/b)∘dy/b}. Where both are equal, minimum and maximum halve the gradient.
 */
record Binary(BinaryOp op, Tensor a, Tensor b, Shape shape) implements Op {
    Binary(BinaryOp op, Tensor a, Tensor b) {
        this(op, a, b, a.shape().broadcast(b.shape()));
    }

    @Override
    public String name() {
        return op.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public void forward(Backend backend, Buffer out) {
        backend.pointwise().binary(op, a.buffer(), a.shape().dims(), b.buffer(), b.shape().dims(), out, shape.dims());
    }

    @Override
    public List<Tensor> saved(Tensor y) {
        return switch (op) {
            case ADD, SUBTRACT, GREATER -> List.of();
            case MULTIPLY -> needs(a) ? needs(b) ? List.of(a, b) : List.of(b) : List.of(a);
            case DIVIDE, MINIMUM, MAXIMUM -> List.of(a, b);
        };
    }

    @Override
    public @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        return switch (op) {
            case ADD -> both(dy, dy);
            case SUBTRACT -> both(dy, needs(b) ? dy.negate() : null);
            case MULTIPLY -> both(needs(a) ? dy.times(detached(b)) : null, needs(b) ? dy.times(detached(a)) : null);
            case DIVIDE -> divideBackward(dy);
            case MAXIMUM -> choose(dy, detached(a), detached(b));
            case MINIMUM -> choose(dy, detached(b), detached(a));
            case GREATER -> Op.super.backward(y, dy);
        };
    }

    private @Nullable Tensor[] divideBackward(Tensor dy) {
        Tensor da = dy.dividedBy(detached(b));
        return both(da, needs(b) ? da.times(detached(a)).dividedBy(detached(b)).negate() : null);
    }

    private @Nullable Tensor[] choose(Tensor dy, Tensor first, Tensor second) {
        Tensor shareOfA = first.greater(second).minus(second.greater(first)).times(0.5f).plus(0.5f);
        Tensor toA = dy.times(shareOfA);
        return both(toA, dy.minus(toA));
    }

    private @Nullable Tensor[] both(@Nullable Tensor da, @Nullable Tensor db) {
        return new @Nullable Tensor[] {
            needs(a) && da != null ? reduceTo(da, a.shape()) : null, needs(b) && db != null ? reduceTo(db, b.shape()) : null
        };
    }

    private static Tensor detached(Tensor tensor) {
        return tensor.detach();
    }

    /** Sums over the axes along which a shape was repeated. */
    static Tensor reduceTo(Tensor gradient, Shape shape) {
        if (gradient.shape().equals(shape)) {
            return gradient;
        }
        int missing = gradient.shape().rank() - shape.rank();
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < gradient.shape().rank(); axis++) {
            if (axis < missing || shape.dim(axis - missing) == 1 && gradient.dim(axis) != 1) {
                axes.add(axis);
            }
        }
        return gradient.sum(axes.stream().mapToInt(Integer::intValue).toArray()).reshape(shape.dims());
    }
}
