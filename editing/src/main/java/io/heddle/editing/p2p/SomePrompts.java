package io.heddle.editing.p2p;

import io.heddle.attention.Step;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import java.util.List;

/** A conditioning of which only some prompts are sampled. */
record SomePrompts(Conditioning all, List<Integer> prompts) implements Conditioning {
    @Override
    public TextEmbedding conditional(Step step, int prompt) {
        return all.conditional(step, prompt);
    }

    @Override
    public TextEmbedding unconditional(Step step, int prompt) {
        return all.unconditional(step, prompt);
    }

    @Override
    public boolean isGuided(int prompt) {
        return all.isGuided(prompt);
    }
}
