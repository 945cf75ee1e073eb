package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import java.util.List;

/**
 * Null-text inversion: the embedding of the empty prompt is optimised at each step so that guided sampling meets the trajectory. Each step starts from the
 * embedding of the step before, with a learning rate that falls by a hundredth of the first one from step to step. Mokady et al. 2023, algorithm 1.
 *
 * <p>Network evaluations for {@code n} steps with {@code kᵢ} updates at step {@code i}: {@code n} there; back {@code Σ (2 + kᵢ)}, the conditional one, one
 * for each update and one with the final embedding; and {@code Σ kᵢ} gradients.
 *
 * @param tuning how the embedding is optimised
 */
public record NullTextInversion(Tuning tuning) implements InversionMethod {
    static final String KEY = "null-text";
    private static final int STEPS_TO_RATE_ZERO = 100;

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
        return text.conditional();
    }

    @Override
    public void requireSteps(int steps) {
        if (steps > STEPS_TO_RATE_ZERO) {
            throw new IllegalArgumentException("null-text inversion takes at most " + STEPS_TO_RATE_ZERO
                    + " steps, where its learning rate reaches 0, but " + steps + " were asked for: take fewer, or choose prompt-tuning inversion");
        }
    }

    @Override
    public void reconstruct(InversionRun run) {
        EmbeddingTuning.of(Branch.UNCONDITIONAL, tuning, call -> tuning.learningRate() * (1 - call / (double) STEPS_TO_RATE_ZERO)).run(run);
    }

    @Override
    public Conditioning conditioning(SourceText text, List<TextEmbedding> targets, StepEmbeddings tuned) {
        return new SourceAndTargets(targets, _ -> text.conditional(), tuned::at);
    }

    @Override
    public boolean tunes() {
        return true;
    }
}
