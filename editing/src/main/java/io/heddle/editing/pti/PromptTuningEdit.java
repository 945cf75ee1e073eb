package io.heddle.editing.pti;

import io.heddle.attention.Step;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Interpolation;
import io.heddle.editing.LatentBlend;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Interpolates between what reconstructs a picture and what a target prompt asks for: at each step {@code c' = η·c* + (1 − η)·c_t} with the target's
 * encoding {@code c*} and the inversion's {@code c_t}. With η of 0 the picture comes back, with 1 the target is sampled from the picture's noise. Dong et
 * al. 2023, equation 9. Several η run as one batch; no source is sampled beside them.
 *
 * <p>{@code c_t} is the tuned embedding of prompt tuning inversion. Other inversions have one encoding of the source's prompt for all steps, with which the
 * interpolation works, too, but for direct inversion, which needs the source in the batch.
 */
public final class PromptTuningEdit implements AutoCloseable {
    private final Inversion inversion;
    private final TextEmbedding target;
    private final List<Double> etas;
    private final List<TextEmbedding> interpolated = new ArrayList<>();
    private int call = -1;

    /**
     * An edit.
     *
     * @param target the target prompt's encoding {@code [1, tokens, dim]}
     * @param etas one picture each, 0 … 1
     * @throws IllegalArgumentException if the inversion needs the source in the batch, or there is no η within 0 … 1
     */
    public PromptTuningEdit(Inversion inversion, TextEmbedding target, List<Double> etas) {
        requireMethod(inversion.method());
        if (etas.isEmpty() || etas.stream().anyMatch(eta -> !(eta >= 0 && eta <= 1))) {
            throw new IllegalArgumentException("an edit needs one η or more from 0 to 1, but got " + etas);
        }
        this.inversion = inversion;
        this.target = target;
        this.etas = List.copyOf(etas);
    }

    /**
     * Refuses an inversion that this edit cannot follow, before it is made.
     *
     * @throws IllegalArgumentException if it needs the source in the batch
     */
    public static void requireMethod(InversionMethod method) {
        if (method.pins()) {
            throw new IllegalArgumentException(
                    method.key() + " inversion keeps a source in the batch on its way, but prompt tuning samples none: choose another inversion");
        }
    }

    /** The recipe of the edit, to be sampled from {@link Inversion#start} on the schedule of the inversion. */
    public EditRecipe recipe() {
        return EditRecipe.plain(conditioning(), Guidance.classifierFree(inversion.guidance()));
    }

    /**
     * The recipe with a blend of latents: after each step {@code z' = η·z + (1 − η)·z*} with the trajectory's {@code z*}. Dong et al. 2023, equation 10.
     */
    public EditRecipe recipeBlendingLatents() {
        LatentBlend blend = (step, latents) -> {
            List<Tensor> rows = new ArrayList<>();
            for (int row = 0; row < latents.dim(0); row++) {
                rows.add(Interpolation.between(inversion.trajectory().after(step.index()), latents.row(row), etas.get(row)));
            }
            return Tensor.concat(0, rows);
        };
        return new EditRecipe(conditioning(), recipe().taps(), recipe().guidance(), blend);
    }

    private Conditioning conditioning() {
        Conditioning source = inversion.source();
        return new Conditioning() {
            @Override
            public List<Integer> prompts() {
                return IntStream.rangeClosed(1, etas.size()).boxed().toList();
            }

            @Override
            public TextEmbedding conditional(Step step, int prompt) {
                return at(step, source).get(prompt - 1);
            }

            @Override
            public TextEmbedding unconditional(Step step, int prompt) {
                return source.unconditional(step, 0);
            }
        };
    }

    /** The embeddings of a step, one for each η; those of the step before end. */
    private List<TextEmbedding> at(Step step, Conditioning source) {
        if (call != step.index() || interpolated.isEmpty()) {
            close();
            Tensor from = source.conditional(step, 0).tensor();
            for (double eta : etas) {
                interpolated.add(TextEmbedding.of(Interpolation.between(from, target.tensor(), eta).unscoped()));
            }
            call = step.index();
        }
        return interpolated;
    }

    /** Gives the interpolated embeddings back. */
    @Override
    public void close() {
        for (TextEmbedding embedding : interpolated) {
            embedding.close();
            embedding.tensor().close();
        }
        interpolated.clear();
    }
}
