package io.heddle.editing;

import io.heddle.attention.Step;
import io.heddle.attention.TextEmbedding;
import java.util.List;
import java.util.stream.IntStream;

/** What text conditions each prompt's picture at each step: the first seam. Null-text inversion and prompt tuning have embeddings for every step. */
public interface Conditioning {
    /** The numbers of the prompts that are sampled, the batch's order; 0 is the source of an edit. */
    List<Integer> prompts();

    /** The encoding of a prompt, {@code [1, tokens, dim]}. */
    TextEmbedding conditional(Step step, int prompt);

    /** The encoding that guidance leads away from, {@code [1, tokens, dim]}. */
    TextEmbedding unconditional(Step step, int prompt);

    /**
     * Whether guidance leads a prompt's picture. Where it does not, the conditional prediction is followed and the unconditional one is not evaluated: for
     * pictures whose two predictions are equal, or whose way is known.
     */
    default boolean isGuided(int prompt) {
        return true;
    }

    /** Prompts numbered from 0 with one negative prompt for all, the same at every step. */
    static Conditioning of(List<TextEmbedding> prompts, TextEmbedding negative) {
        return new Conditioning() {
            @Override
            public List<Integer> prompts() {
                return IntStream.range(0, prompts.size()).boxed().toList();
            }

            @Override
            public TextEmbedding conditional(Step step, int prompt) {
                return prompts.get(prompt);
            }

            @Override
            public TextEmbedding unconditional(Step step, int prompt) {
                return negative;
            }
        };
    }
}
