package io.heddle.attention;

import io.heddle.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a row's attention map becomes: {@code P' = P₀·A + P·diag(c)}, with {@code P₀} another row's map and {@code P} the row's own.
 *
 * <p>Prompt-to-Prompt's word swap, refinement and re-weighting are injections into cross-attention; its self-attention injection has the identity for
 * {@code A} and no {@code c}. Because {@code P'·V = P₀·(A·V) + P·(c∘V)}, an injection never needs a map.
 *
 * @param source whose map {@code P₀} is
 * @param mapper {@code A [keys, keys]} from the source's tokens to this row's; null for the identity
 * @param keep {@code c [keys]}; null for zero
 */
public record Injection(Source source, @Nullable Tensor mapper, @Nullable Tensor keep) {
    /** Whose map is injected. */
    public sealed interface Source {}

    /**
     * Another row of the same batch.
     *
     * @param row its index
     */
    public record OfRow(int row) implements Source {}

    /**
     * Queries and keys recorded in an earlier run.
     *
     * @param query {@code [1, queries, heads·dim]}
     * @param key {@code [1, keys, heads·dim]}
     */
    public record Recorded(Tensor query, Tensor key) implements Source {}

    /** The source's map as it is. */
    public static Injection replaceBy(Source source) {
        return new Injection(source, null, null);
    }
}
