package io.heddle.tensor;

import io.heddle.spi.Precision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tape of the operations that depend on watched tensors, from which gradients are computed by the chain rule in reverse.
 *
 * <p>An operation is recorded if and only if an operand is recorded; membership travels with the tensor, so what depends on nothing watched costs
 * nothing, and backward stops where nothing watched lies below. A recording may be run backward several times.
 *
 * <pre>{@code
 * try (Recording tape = Recording.open()) {
 *     Tensor e = tape.watch(embedding);
 *     Tensor loss = unet.predict(latent, e, step, taps).minus(noise).square().mean();
 *     Tensor gradient = tape.gradients(loss).of(e);
 * }
 * }</pre>
 */
public final class Recording implements AutoCloseable {
    private List<Node> nodes = new ArrayList<>();
    private final List<Storage> retained = new ArrayList<>();
    private final List<Runnable> closeActions = new ArrayList<>();
    private @Nullable Map<Node, Tensor> checkpointLeaves;
    private boolean closed;

    private Recording() {}

    /** Starts a tape. */
    public static Recording open() {
        return new Recording();
    }

    /**
     * A recorded handle that shares the tensor's elements; the tensor itself stays unrecorded.
     *
     * @throws NoBackwardException if the tensor's device computes in half precision
     * @throws LifetimeException if the tensor's elements have been given back
     */
    public Tensor watch(Tensor tensor) {
        requireOpen();
        if (tensor.device().backend().precision() != Precision.FLOAT32) {
            throw new NoBackwardException("gradients need float32, and " + tensor.device() + " holds halves: open the device without fp16");
        }
        Tensor watched = tensor.alias(tensor.shape());
        retained.add(watched.storage().retain());
        watched.node(new Node(this, null, watched));
        return watched;
    }

    /** Runs an action when this recording closes, for owners of watched handles. */
    public void onClose(Runnable action) {
        closeActions.add(action);
    }

    /**
     * The gradients of a scalar with respect to the watched tensors it depends on.
     *
     * @throws ShapeException if {@code output} has more than one element
     */
    public Gradients gradients(Tensor output) {
        if (output.size() != 1) {
            throw new ShapeException("gradients need a scalar, but the output has shape " + output.shape() + "; sum it or give a seed");
        }
        return gradients(output, output.device().full(output.shape(), 1));
    }

    /**
     * The gradients of {@code Σ output ∘ seed}.
     *
     * @param seed the gradient of the loss with respect to {@code output}, of its shape
     */
    public Gradients gradients(Tensor output, Tensor seed) {
        Map<Node, Tensor> gradients = new IdentityHashMap<>();
        run(output, seed, gradients::put);
        return new Gradients(gradients);
    }

    /**
     * Runs backward and hands each watched tensor's gradient to a consumer as soon as it is final; the gradient ends when the consumer returns. This is how
     * weights are updated without holding all their gradients.
     */
    public void backward(Tensor output, Tensor seed, GradientConsumer consumer) {
        run(output, seed, (leaf, gradient) -> {
            try (gradient) {
                consumer.accept(leaf.result, gradient);
            }
        });
    }

    /** Receives the gradient of one watched tensor. */
    @FunctionalInterface
    public interface GradientConsumer {
        /**
         * Called once for each watched tensor that the output depends on.
         *
         * @param watched the handle that {@link #watch} returned
         * @param gradient of the watched tensor's shape; ends when the call returns
         */
        void accept(Tensor watched, Tensor gradient);
    }

    private interface LeafSink {
        void put(Node leaf, Tensor gradient);
    }

    /**
     * Runs a block without recording its inside; backward runs it once more to get what it needs. Trades one more forward for the memory of everything
     * saved in between. Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost". The bits are those of the block itself.
     *
     * @param inputs what the block depends on, besides watched tensors that it uses directly
     * @param block a pure function of the inputs
     */
    public Tensor checkpoint(List<Tensor> inputs, Function<List<Tensor>, Tensor> block) {
        requireOpen();
        Map<Node, Tensor> outer = checkpointLeaves;
        Map<Node, Tensor> leaves = new LinkedHashMap<>();
        checkpointLeaves = leaves;
        Tensor y;
        try {
            y = inputs.getFirst().device().tidy(() -> block.apply(inputs.stream().map(Tensor::detach).toList()));
        } finally {
            checkpointLeaves = outer;
        }
        record(new Checkpoint(this, List.copyOf(inputs), List.copyOf(leaves.values()), block, y.shape()), y);
        return y;
    }

    /** Runs {@code body} with a fresh list of nodes, then backward over them alone. */
    Gradients replay(Supplier<Tensor> body, Tensor seed) {
        List<Node> outer = nodes;
        int mark = retained.size();
        nodes = new ArrayList<>();
        try {
            return gradients(body.get(), seed);
        } finally {
            nodes = outer;
            releaseFrom(mark);
        }
    }

    static void record(Op op, Tensor y) {
        Recording recording = null;
        for (Tensor input : op.inputs()) {
            Node node = input.node();
            if (node != null) {
                if (recording != null && recording != node.recording) {
                    throw new LifetimeException(op.name() + " mixes tensors of two recordings; detach() those of one of them");
                }
                recording = node.recording;
            }
        }
        if (recording != null) {
            recording.requireOpen();
            recording.add(op, y);
        }
    }

    private void add(Op op, Tensor y) {
        if (checkpointLeaves != null) {
            for (Tensor input : op.inputs()) {
                if (input.node() != null) {
                    checkpointLeaves.putIfAbsent(input.node(), input);
                }
            }
            return;
        }
        Node node = new Node(this, op, y);
        y.node(node);
        nodes.add(node);
        for (Tensor tensor : op.saved(y)) {
            retained.add(tensor.storage().retain());
        }
    }

    private void run(Tensor output, Tensor seed, LeafSink sink) {
        requireOpen();
        if (!output.shape().equals(seed.shape())) {
            throw new ShapeException("the seed's shape " + seed.shape() + " differs from the output's " + output.shape());
        }
        Node root = output.node();
        if (root == null || root.recording != this) {
            throw new NoBackwardException("the output does not depend on anything this recording watches");
        }
        Map<Node, Tensor> pending = new IdentityHashMap<>();
        try (Scope scope = output.device().scope()) {
            if (root.isLeaf()) {
                sink.put(root, scope.keep(seed.alias(seed.shape())));
                return;
            }
            pending.put(root, seed.alias(seed.shape()));
            Map<Node, List<Node>> finalAt = sourcesByFirstUse();
            for (int i = nodes.size() - 1; i >= 0; i--) {
                Node node = nodes.get(i);
                Tensor dy = pending.remove(node);
                if (dy != null) {
                    propagate(node, dy, pending);
                    dy.close();
                }
                for (Node leaf : finalAt.getOrDefault(node, List.of())) {
                    Tensor gradient = pending.remove(leaf);
                    if (gradient != null) {
                        sink.put(leaf, scope.keep(gradient));
                    }
                }
            }
        }
    }

    private void propagate(Node node, Tensor dy, Map<Node, Tensor> pending) {
        Device device = dy.device();
        try (Scope scope = device.scope()) {
            @Nullable Tensor[] gradients = dy.size() > 0 ? node.op.backward(node.result, dy) : zeros(node.op);
            for (int i = 0; i < gradients.length; i++) {
                Node input = node.inputs().get(i);
                Tensor gradient = gradients[i];
                if (input == null || gradient == null) {
                    continue;
                }
                Tensor sum = pending.get(input);
                if (sum == null) {
                    pending.put(input, scope.keep(gradient.alias(gradient.shape())));
                } else {
                    pending.put(input, scope.keep(sum.plus(gradient)));
                    sum.close();
                }
            }
        }
    }

    /** Nothing depends on the inputs of an operation without results. */
    private static Tensor[] zeros(Op op) {
        return op.inputs().stream().map(input -> input.device().zeros(input.shape())).toArray(Tensor[]::new);
    }

    /**
     * For each node the sources that no earlier node uses: after it, their gradients are final. Sources are the leaves and, while a checkpointed block is
     * replayed, what the block takes from outside.
     */
    private Map<Node, List<Node>> sourcesByFirstUse() {
        Map<Node, List<Node>> finalAt = new IdentityHashMap<>();
        Set<Node> seen = new HashSet<>();
        for (Node node : nodes) {
            for (Node input : node.inputs()) {
                if (input != null && seen.add(input)) {
                    finalAt.computeIfAbsent(node, _ -> new ArrayList<>()).add(input);
                }
            }
            seen.add(node);
        }
        return finalAt;
    }

    private void requireOpen() {
        if (closed) {
            throw new LifetimeException("a recording is used after it was closed");
        }
    }

    private void releaseFrom(int mark) {
        List<Storage> released = retained.subList(mark, retained.size());
        released.forEach(Storage::release);
        released.clear();
    }

    /** Ends the recording; what it saved is given back, and what it watched is unwatched. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        nodes = List.of();
        releaseFrom(0);
        closeActions.forEach(Runnable::run);
    }
}
