package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.StableDiffusion;
import io.heddle.image.Picture;
import io.heddle.tensor.Tensor;
import java.util.List;

/**
 * A picture made editable: the noise to start from, the text of each step, and what keeps the source on its way. It serves any number of edits; close it
 * to give its latents and embeddings back.
 */
public final class Inversion implements AutoCloseable {
    private static final int SOURCE = 0;

    private final InversionRun run;
    private final Trajectory trajectory;
    private final StepEmbeddings tuned;
    private boolean ownsText;

    Inversion(InversionRun run) {
        this.run = run;
        trajectory = new Trajectory(run.inverted);
        tuned = new StepEmbeddings(run.embeddings);
    }

    /** How the picture was inverted. */
    public InversionMethod method() {
        return run.method();
    }

    /** The prompt that it was inverted with, which is the source's of an edit. */
    public String prompt() {
        return run.text().prompt();
    }

    /** The recipe. */
    public JsonObject recipe() {
        return run.recipe();
    }

    /** The way from the picture to noise. */
    public Trajectory trajectory() {
        return trajectory;
    }

    /** The latents of the way back as an edit's source goes it, the noise first; the last one is the reconstruction. */
    public List<Tensor> reconstruction() {
        return List.copyOf(run.reconstructed);
    }

    /** The embedding of each sampling call, {@code [1, tokens, dim]}; empty if the method has none. */
    public List<Tensor> embeddings() {
        return List.copyOf(run.embeddings);
    }

    /** The latent that edits start from, {@code [1, height, width, 4]}. */
    public Tensor start() {
        return trajectory.noise();
    }

    /** The scale of guidance that edits are made with. */
    public double guidance() {
        return run.guidance();
    }

    /** The text of an edit: prompt 0 is the source, the targets follow. */
    public Conditioning conditioning(List<TextEmbedding> targets) {
        return method().conditioning(run.text(), List.copyOf(targets), tuned);
    }

    /** The text of the source alone. */
    public Conditioning source() {
        return conditioning(List.of());
    }

    /**
     * Refuses an edit on another schedule or under other guidance than the picture was inverted for.
     *
     * @param steps the edit's network calls
     * @param scale the edit's guidance
     * @throws IllegalArgumentException if they do not fit; the message says how to make them fit
     */
    public void requireFit(int steps, double scale) {
        if (steps != trajectory.steps()) {
            throw new IllegalArgumentException("the picture was inverted in " + trajectory.steps() + " steps, but the edit takes " + steps
                    + ": take as many, or invert it again");
        }
        if (method().tunes() && scale != guidance()) {
            throw new IllegalArgumentException("the picture's embeddings were tuned for guidance " + guidance() + ", but the edit has " + scale
                    + ": take the same, or invert it again");
        }
    }

    /**
     * The recipe of an edit with its source on the way that is known from the inversion: after each step, before the edit's own blend, the source's row
     * becomes the {@linkplain #reconstruction reconstruction}'s latent, and its unconditional prediction, which nothing then asks for, is not evaluated. An
     * edit that samples a source and {@code t} targets makes {@code 2t + 1} network evaluations a step instead of {@code 2t + 2}, with the same bits.
     *
     * <p>Under other guidance than the inversion's the way is not known: then the recipe stays as it is, unless the {@linkplain InversionMethod#pins
     * method} needs it. An edit of a recorded source has no such row; there the recipe that records is the one to pin.
     */
    public EditRecipe pin(EditRecipe recipe) {
        boolean known = method().pins() || recipe.guidance().equals(Guidance.classifierFree(guidance()));
        return known && recipe.conditioning().prompts().contains(SOURCE) ? PinnedSource.pin(recipe, SOURCE, reconstruction()) : recipe;
    }

    /** What was spent and how near the way back comes to the trajectory. */
    public InversionReport report() {
        return InversionReport.of(run, trajectory);
    }

    /** The report with how near the reconstructed picture comes to the picture. */
    public InversionReport report(StableDiffusion model, Picture picture) {
        return report()
                .compare(picture, model.pictures(run.reconstructed.getLast()).getFirst(), model.pictures(trajectory.clean()).getFirst());
    }

    InversionRun run() {
        return run;
    }

    /** Makes this inversion the owner of its text. */
    Inversion owningText() {
        ownsText = true;
        return this;
    }

    /** Gives latents and embeddings back, and the text if the inversion was {@linkplain InversionFile#load loaded}; else it is its owner's. */
    @Override
    public void close() {
        tuned.close();
        if (ownsText) {
            run.text().close();
        }
        run.inverted.forEach(Tensor::close);
        run.reconstructed.forEach(Tensor::close);
        run.embeddings.forEach(Tensor::close);
    }
}
