package io.heddle.editing.inversion;

import io.heddle.attention.Step;
import io.heddle.attention.TextEmbedding;
import io.heddle.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An encoding for each sampling call. Keys and values that layers make of one are given back as soon as another is asked for: of fifty they would take
 * hundreds of megabytes.
 */
public final class StepEmbeddings implements AutoCloseable {
    private final List<Tensor> embeddings;
    private int call = -1;
    private @Nullable TextEmbedding current;

    /** Encodings {@code [1, tokens, dim]} in the order of the calls; closing leaves them alone. */
    public StepEmbeddings(List<Tensor> embeddings) {
        this.embeddings = List.copyOf(embeddings);
    }

    /** The encoding at a step. */
    public TextEmbedding at(Step step) {
        TextEmbedding asked = current;
        if (asked == null || step.index() != call) {
            close();
            asked = TextEmbedding.of(embeddings.get(step.index()));
            call = step.index();
            current = asked;
        }
        return asked;
    }

    /** Gives keys and values back. */
    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
