package io.heddle.editing.p2p;

import io.heddle.attention.Injection;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The edit of one target's cross-attention maps: its alignment with the source, the weights of its tokens, and when each token's gate is on. */
final class CrossEdit implements AutoCloseable {
    private final Device device;
    private final TokenAlignment alignment;
    private final float[] weights;
    private final List<StepWindow> windows;
    private final Timeline timeline;
    private final Map<BitSet, Mapping> mappings = new HashMap<>();

    private record Mapping(@Nullable Tensor mapper, @Nullable Tensor keep) {}

    /**
     * An edit.
     *
     * @param weights a factor for each token
     * @param windows for each token when it takes the source's attention
     */
    CrossEdit(Device device, TokenAlignment alignment, float[] weights, List<StepWindow> windows, Timeline timeline) {
        this.device = device;
        this.alignment = alignment;
        this.weights = weights.clone();
        this.windows = List.copyOf(windows);
        this.timeline = timeline;
    }

    /** The tokens whose gates are on in a call. */
    BitSet gate(int call) {
        BitSet gate = new BitSet();
        for (int token = 0; token < windows.size(); token++) {
            gate.set(token, timeline.covers(windows.get(token), call));
        }
        return gate;
    }

    /** What is injected in a call, null for nothing. Its tensors belong to this edit. */
    @Nullable Injection injection(int call, Injection.Source source) {
        BitSet gate = gate(call);
        if (gate.isEmpty()) {
            return null;
        }
        Mapping mapping = mappings.computeIfAbsent(gate, this::mapping);
        return new Injection(source, mapping.mapper, mapping.keep);
    }

    private Mapping mapping(BitSet gate) {
        TokenAlignment.Coefficients coefficients = alignment.coefficients(gate, weights);
        int tokens = alignment.tokens();
        return new Mapping(tensor(Shape.of(tokens, tokens), coefficients.mapper()), tensor(Shape.of(tokens), coefficients.keep()));
    }

    private @Nullable Tensor tensor(Shape shape, float @Nullable [] elements) {
        return elements == null ? null : device.tensor(shape, elements).unscoped();
    }

    /** Gives the tensors back. */
    @Override
    public void close() {
        for (Mapping mapping : mappings.values()) {
            if (mapping.mapper != null) {
                mapping.mapper.close();
            }
            if (mapping.keep != null) {
                mapping.keep.close();
            }
        }
        mappings.clear();
    }
}
