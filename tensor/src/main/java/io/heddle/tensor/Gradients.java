package io.heddle.tensor;

import java.util.Map;

/** The gradients of one backward run, by watched tensor. */
public final class Gradients {
    private final Map<Node, Tensor> byLeaf;

    Gradients(Map<Node, Tensor> byLeaf) {
        this.byLeaf = byLeaf;
    }

    /**
     * The gradient of the output with respect to a watched tensor, of its shape.
     *
     * @throws NoBackwardException if the output does not depend on it
     */
    public Tensor of(Tensor watched) {
        Tensor gradient = byLeaf.get(watched.node());
        if (gradient == null) {
            throw new NoBackwardException("the output does not depend on this tensor of shape " + watched.shape() + ", or it is not a watched one");
        }
        return gradient;
    }

    /** Whether the output depends on a watched tensor. */
    public boolean contains(Tensor watched) {
        return byLeaf.containsKey(watched.node());
    }
}
