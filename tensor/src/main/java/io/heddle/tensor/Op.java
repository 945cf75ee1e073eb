package io.heddle.tensor;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One operation: its operands, its result's shape, its forward on a backend and its derivative. */
interface Op {
    /** The operation as messages name it. */
    String name();

    /** The operands, in the order of {@link #backward}'s result. */
    List<Tensor> inputs();

    /** The shape of the result. Operands have been checked by whoever made the operation. */
    Shape shape();

    /** Computes the result, which has elements. */
    void forward(Backend backend, Buffer out);

    /**
     * The gradient of each input, null where {@link #needs} says that nobody asks.
     *
     * @param y the result; its elements may be read only if {@link #saved} lists it
     * @param dy the gradient of the result, which has elements
     */
    default @Nullable Tensor[] backward(Tensor y, Tensor dy) {
        throw new NoBackwardException(name() + " on " + inputs().stream().map(Tensor::shape).toList()
                + " has no derivative; detach() its operands if no gradient should pass");
    }

    /** The tensors whose elements {@link #backward} reads; a recording keeps them alive. */
    default List<Tensor> saved(Tensor y) {
        return inputs();
    }

    /** Whether the gradient of an input is asked for. */
    default boolean needs(Tensor input) {
        return input.isRecorded();
    }

    /** Runs the operation and records it if an operand is recorded. */
    static Tensor apply(Op op) {
        Device device = op.inputs().getFirst().device();
        for (Tensor input : op.inputs()) {
            if (input.device() != device) {
                throw new DeviceException(op.name() + " mixes tensors of " + device + " and " + input.device() + "; copy one of them first");
            }
        }
        Tensor y = device.empty(op.shape());
        if (y.size() > 0) {
            op.forward(device.backend(), y.buffer());
        }
        Recording.record(op, y);
        return y;
    }
}
