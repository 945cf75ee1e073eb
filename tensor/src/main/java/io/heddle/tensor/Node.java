package io.heddle.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A recorded tensor's place in a recording: the operation that made it, or none for a watched leaf, and its handle. */
final class Node {
    final Recording recording;
    final @Nullable Op op;
    final Tensor result;
    private final List<@Nullable Node> inputs = new ArrayList<>();

    Node(Recording recording, @Nullable Op op, Tensor result) {
        this.recording = recording;
        this.op = op;
        this.result = result;
        if (op != null) {
            for (Tensor input : op.inputs()) {
                inputs.add(input.node());
            }
        }
    }

    boolean isLeaf() {
        return op == null;
    }

    List<@Nullable Node> inputs() {
        return inputs;
    }
}
