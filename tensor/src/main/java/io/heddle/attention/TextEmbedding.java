package io.heddle.attention;

import io.heddle.nn.Linear;
import io.heddle.nn.Parameter;
import io.heddle.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of one prompt, or of several, {@code [prompts, tokens, dim]}, with the keys and values that cross-attention layers make of it: they
 * depend on neither step nor latent, so each is computed once (while gradients are recorded, each time). Close it to give them back.
 */
public final class TextEmbedding implements AutoCloseable {
    private final Tensor tensor;
    private final Map<Linear, Projection> projections = new IdentityHashMap<>();

    /** Keys or values with the versions of what they were made of. */
    private record Projection(List<Long> versions, Tensor tensor) {}

    private TextEmbedding(Tensor tensor) {
        this.tensor = tensor;
    }

    /** Wraps an encoding {@code [prompts, tokens, dim]}; closing leaves it alone. */
    public static TextEmbedding of(Tensor tensor) {
        return new TextEmbedding(tensor);
    }

    /** The encoding {@code [prompts, tokens, dim]}. */
    public Tensor tensor() {
        return tensor;
    }

    /** The encoding projected by a layer of cross-attention, {@code [prompts, tokens, heads·dim]}. */
    Tensor project(Linear layer) {
        if (operands(layer).anyMatch(Tensor::isRecorded)) {
            return layer.forward(tensor);
        }
        List<Long> versions = versions(layer);
        @Nullable Projection known = projections.get(layer);
        if (known == null || !known.versions.equals(versions)) {
            if (known != null) {
                known.tensor.close();
            }
            known = new Projection(versions, layer.forward(tensor).unscoped());
            projections.put(layer, known);
        }
        return known.tensor;
    }

    private List<Long> versions(Linear layer) {
        return operands(layer).map(Tensor::version).toList();
    }

    private Stream<Tensor> operands(Linear layer) {
        return Stream.concat(Stream.of(tensor), layer.parameters().stream().map(Parameter::tensor));
    }

    /** The same encoding with keys and values that are known. */
    TextEmbedding withProjections(Map<Linear, Tensor> known) {
        TextEmbedding embedding = new TextEmbedding(tensor);
        known.forEach((layer, projected) -> embedding.projections.put(layer, new Projection(embedding.versions(layer), projected)));
        return embedding;
    }

    /** Gives the keys and values back. */
    @Override
    public void close() {
        projections.values().forEach(p -> p.tensor.close());
        projections.clear();
    }
}
