package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import java.util.List;

/**
 * Prompt tuning inversion: the picture is led to noise without any prompt, and the embedding of the prompt is optimised at each step so that guided
 * sampling meets the trajectory. Each step starts from the embedding of the step before, the first from the prompt's own. No description of the picture is
 * needed: the prompt may be the edit's target. Dong et al. 2023, algorithm 1; the paper names no optimiser, here it is Adam on the mean squared error.
 *
 * <p>Network evaluations for {@code n} steps with {@code kᵢ} updates at step {@code i}: {@code n} there; back {@code Σ (2 + kᵢ)}, the unconditional one, one
 * for each update and one with the final embedding; and {@code Σ kᵢ} gradients.
 *
 * @param tuning how the embedding is optimised
 */
public record PromptTuningInversion(Tuning tuning) implements InversionMethod {
    static final String KEY = "prompt-tuning";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public JsonObject settings() {
        return tuning.toJson();
    }

    @Override
    public TextEmbedding pivot(SourceText text) {
        return text.empty();
    }

    @Override
    public void reconstruct(InversionRun run) {
        EmbeddingTuning.of(Branch.CONDITIONAL, tuning, _ -> tuning.learningRate()).run(run);
    }

    @Override
    public Conditioning conditioning(SourceText text, List<TextEmbedding> targets, StepEmbeddings tuned) {
        return new SourceAndTargets(targets, tuned::at, _ -> text.empty());
    }

    @Override
    public boolean tunes() {
        return true;
    }
}
