package io.heddle.editing.inversion;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import java.util.List;

/**
 * DDIM inversion alone: the picture is led to noise by the source's prompt, and back under guidance, which does not find it again when it is strong. Song
 * et al. 2021, section 4.3.
 *
 * <p>Network evaluations for {@code n} steps: {@code n} there, {@code 2n} back, or {@code n} back without guidance.
 */
public record DdimInversion() implements InversionMethod {
    static final String KEY = "ddim";

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
        run.sample(run.guidance());
    }

    @Override
    public Conditioning conditioning(SourceText text, List<TextEmbedding> targets, StepEmbeddings tuned) {
        return new SourceAndTargets(targets, _ -> text.conditional(), _ -> text.empty());
    }
}
