package io.heddle.editing.inversion;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import java.util.List;

/**
 * Negative-prompt inversion: guidance leads away from the source's prompt instead of the empty one. For the source both predictions are then equal and
 * guidance cancels, which leaves the error of DDIM inversion alone; nothing is optimised. Miyake et al. 2023.
 *
 * <p>Network evaluations for {@code n} steps: {@code n} there, {@code n} back.
 */
public record NegativePromptInversion() implements InversionMethod {
    static final String KEY = "negative-prompt";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public TextEmbedding pivot(SourceText text) {
        return text.conditional();
    }

    @Override
    public void reconstruct(InversionRun run) {
        run.sample(InversionRun.UNGUIDED);
    }

    @Override
    public Conditioning conditioning(SourceText text, List<TextEmbedding> targets, StepEmbeddings tuned) {
        return new SourceAndTargets(targets, _ -> text.conditional(), _ -> text.conditional());
    }
}
