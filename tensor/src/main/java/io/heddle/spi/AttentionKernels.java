package io.heddle.spi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention on token-major buffers: the heads of a token lie side by side, {@code [rows, tokens, heads·dim]}, so that no split or
 * merge copy exists.
 *
 * <p>{@link Terms} say which row's queries meet which row's keys and values. Plain attention is the identity; Prompt-to-Prompt's self-attention
 * injection takes the queries and keys of another row; its cross-attention edits add a second term to a row.
 */
public interface AttentionKernels {
    /**
     * {@code out[t.out] = Σ over the terms of that row: softmax(scale · q[t.query]·k[t.key]ᵀ)·v[t.value]}, never holding a whole map.
     *
     * @param q {@code [any, queries, heads·dim]}
     * @param k {@code [any, keys, heads·dim]}
     * @param v {@code [any, keys, heads·dim]}
     * @param out {@code [rows, queries, heads·dim]}; every row has at least one term
     * @param logSumExp {@code [terms, heads, queries]}: {@code log Σ exp} of each row of scores, kept for the gradient; or null
     */
    void fused(Buffer q, Buffer k, Buffer v, Terms terms, AttentionShape shape, Buffer out, @Nullable Buffer logSumExp);

    /** The most keys of maps that {@link #fusedWithHeadSums} sums. */
    int MOST_SUMMED_KEYS = 128;

    /**
     * {@link #fused}, bit for bit, that on the way sums the map of each term over the heads. A term's sum depends on its queries and keys alone.
     *
     * @param shape with at most {@link #MOST_SUMMED_KEYS} keys
     * @param headSums {@code [terms, queries, keys]}
     */
    void fusedWithHeadSums(Buffer q, Buffer k, Buffer v, Terms terms, AttentionShape shape, Buffer out, Buffer headSums);

    /**
     * The gradients of {@link #fused}, with the maps recomputed tile by tile. Rows that several terms use receive the sum, in the order of the terms.
     *
     * @param logSumExp what {@code fused} wrote
     * @param dOut {@code [rows, queries, heads·dim]}
     * @param dq of the shape of {@code q}, or null; likewise {@code dk} and {@code dv}
     */
    void fusedGradient(
            Buffer q,
            Buffer k,
            Buffer v,
            Terms terms,
            AttentionShape shape,
            Buffer logSumExp,
            Buffer dOut,
            @Nullable Buffer dq,
            @Nullable Buffer dk,
            @Nullable Buffer dv);

    /**
     * {@code map[n] = softmax(scale · q[query[n]]·k[key[n]]ᵀ)} for queries {@code firstQuery … firstQuery + count − 1}.
     *
     * @param query for each map the row of {@code q}
     * @param key for each map the row of {@code k}
     * @param map {@code [query.length, heads, window.count, keys]}
     */
    void map(Buffer q, Buffer k, int[] query, int[] key, AttentionShape shape, QueryWindow window, Buffer map);

    /**
     * {@code out[n] = map[n]·v[value[n]]}.
     *
     * @param map {@code [value.length, heads, queries, keys]}
     * @param out {@code [value.length, queries, heads·dim]}
     */
    void applyMap(Buffer map, Buffer v, int[] value, AttentionShape shape, Buffer out);

    /**
     * The sizes of one attention layer's application.
     *
     * @param queries query tokens of a row
     * @param keys key tokens of a row
     * @param heads heads
     * @param dim features of one head
     * @param scale factor of the scores
     * @param causal whether query {@code i} sees keys {@code 0 … i} only
     */
    record AttentionShape(int queries, int keys, int heads, int dim, float scale, boolean causal) {
        /** Features of a token: {@code heads·dim}. */
        public int width() {
            return heads * dim;
        }
    }

    /**
     * Some of the queries of a row.
     *
     * @param first the first query
     * @param count the number of queries
     */
    record QueryWindow(int first, int count) {}

    /** Which rows meet: parallel arrays, one entry for each term, sorted by {@code out}. */
    final class Terms {
        private final int[] out;
        private final int[] query;
        private final int[] key;
        private final int[] value;

        private Terms(int[] out, int[] query, int[] key, int[] value) {
            if (out.length != query.length || out.length != key.length || out.length != value.length) {
                throw new IllegalArgumentException("the arrays of attention terms have different lengths");
            }
            for (int i = 0; i < out.length; i++) {
                int before = i == 0 ? -1 : out[i - 1];
                if (out[i] < Math.max(before, 0) || out[i] > before + 1) {
                    throw new IllegalArgumentException(
                            "the output rows of attention terms ascend from 0 without gaps, but got " + Arrays.toString(out));
                }
            }
            this.out = out.clone();
            this.query = query.clone();
            this.key = key.clone();
            this.value = value.clone();
        }

        /** Terms from parallel arrays; {@code out} ascends from 0 without gaps. */
        public static Terms of(int[] out, int[] query, int[] key, int[] value) {
            return new Terms(out, query, key, value);
        }

        /** Every row attends to itself. */
        public static Terms identity(int rows) {
            int[] index = new int[rows];
            for (int i = 0; i < rows; i++) {
                index[i] = i;
            }
            return new Terms(index, index, index, index);
        }

        /** The number of terms. */
        public int size() {
            return out.length;
        }

        /** The number of output rows. */
        public int rows() {
            return out.length == 0 ? 0 : out[out.length - 1] + 1;
        }

        /** The output row of a term. */
        public int out(int term) {
            return out[term];
        }

        /** The row of queries of a term. */
        public int query(int term) {
            return query[term];
        }

        /** The row of keys of a term. */
        public int key(int term) {
            return key[term];
        }

        /** The row of values of a term. */
        public int value(int term) {
            return value[term];
        }
    }
}
