package io.heddle.editing.inversion;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import java.util.List;

/**
 * Direct inversion: the source is led back by setting its latent to the trajectory's after each step of the edit; its targets are left alone. Ju et al.
 * 2024, "PnP Inversion". The paper adds the difference between both latents, which is the same in exact arithmetic; in floating point its rounding grows
 * from step to step, and an assignment has none.
 *
 * <p>Network evaluations for {@code n} steps: {@code n} there, none back.
 */
public record DirectInversion() implements InversionMethod {
    static final String KEY = "direct";

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
        run.retrace();
    }

    @Override
    public Conditioning conditioning(SourceText text, List<TextEmbedding> targets, StepEmbeddings tuned) {
        return new SourceAndTargets(targets, _ -> text.conditional(), _ -> text.empty());
    }

    @Override
    public boolean pins() {
        return true;
    }
}
