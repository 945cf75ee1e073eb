package io.heddle.editing.inversion;

import io.heddle.attention.Step;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The text of an edit: prompt 0 is the source, the targets follow.
 *
 * @param targets the same at every step
 * @param source the source's encoding at a step
 * @param unconditional what guidance leads away from at a step, for all
 */
record SourceAndTargets(List<TextEmbedding> targets, Function<Step, TextEmbedding> source, Function<Step, TextEmbedding> unconditional)
        implements Conditioning {
    @Override
    public List<Integer> prompts() {
        return IntStream.rangeClosed(0, targets.size()).boxed().toList();
    }

    @Override
    public TextEmbedding conditional(Step step, int prompt) {
        return prompt == 0 ? source.apply(step) : targets.get(prompt - 1);
    }

    @Override
    public TextEmbedding unconditional(Step step, int prompt) {
        return unconditional.apply(step);
    }
}
