package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import io.heddle.attention.Pass;
import io.heddle.attention.Step.Purpose;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** An inversion on its way: what is to be done, and what is done so far. It can be interrupted after any step and gives the same bits when it goes on. */
public final class InversionRun {
    /** Guidance that leaves the conditional prediction alone. */
    static final double UNGUIDED = 1;

    final List<Tensor> inverted = new ArrayList<>();
    final List<Tensor> reconstructed = new ArrayList<>();
    final List<Tensor> embeddings = new ArrayList<>();
    final List<List<Float>> losses = new ArrayList<>();
    Cost cost = Cost.NONE;

    private final Inverter inverter;
    private final SourceText text;
    private final InversionMethod method;
    private final JsonObject recipe;
    private Consumer<InversionRun> listener = _ -> {};

    InversionRun(Inverter inverter, Tensor clean, SourceText text, InversionMethod method) {
        this.inverter = inverter;
        this.text = text;
        this.method = method;
        recipe = InversionRecipe.of(inverter, clean, text, method);
        inverted.add(kept(clean));
    }

    /** The recipe; runs of the same recipe give the same bits. */
    public JsonObject recipe() {
        return recipe.deepCopy();
    }

    /** The number of steps in each direction. */
    public int steps() {
        return inverter.schedule().calls();
    }

    /** How many steps are done, of twice {@link #steps}. */
    public int done() {
        return inverted.size() - 1 + Math.max(reconstructed.size() - 1, 0);
    }

    /** The latent that the last step led to. */
    public Tensor latest() {
        return reconstructed.size() > 1 ? reconstructed.getLast() : inverted.getLast();
    }

    /** The scale of guidance of the edits that will follow. */
    public double guidance() {
        return inverter.guidance();
    }

    /**
     * Does what is left.
     *
     * @param stepped called after each step
     */
    public Inversion finish(Consumer<InversionRun> stepped) {
        listener = stepped;
        if (inverted.size() <= steps()) {
            Conditioning conditioning = Conditioning.of(List.of(method.pivot(text)), text.empty());
            run(new Sampler(this::predict, inverter.schedule().reversed(), Purpose.INVERT), conditioning, UNGUIDED, inverted);
        }
        if (reconstructed.isEmpty()) {
            reconstructed.add(kept(inverted.getLast()));
        }
        if (reconstructed.size() <= steps()) {
            method.reconstruct(this);
        }
        return new Inversion(this);
    }

    /** Samples back with the source's prompt. */
    void sample(double scale) {
        Conditioning conditioning = Conditioning.of(List.of(text.conditional()), text.empty());
        run(new Sampler(this::predict, inverter.schedule()), conditioning, scale, reconstructed);
    }

    private void run(Sampler sampler, Conditioning conditioning, double scale, List<Tensor> latents) {
        EditRecipe recipe = EditRecipe.plain(conditioning, Guidance.classifierFree(scale));
        sampler.resume(latents.getLast(), latents.size() - 1, recipe, (_, latent) -> {
            latents.add(kept(latent));
            listener.accept(this);
        }).close();
    }

    /** Goes back on the trajectory itself. */
    void retrace() {
        for (int call = reconstructed.size() - 1; call < steps(); call++) {
            reconstructed.add(kept(inverted.get(steps() - call - 1)));
        }
    }

    /** Takes the result of one step of an optimisation. */
    void tuned(Tensor embedding, Tensor latent, List<Float> stepLosses) {
        embeddings.add(kept(embedding));
        reconstructed.add(kept(latent));
        losses.add(List.copyOf(stepLosses));
        cost = cost.plus(0, stepLosses.size());
        listener.accept(this);
    }

    /** The network's prediction, counted. */
    Tensor predict(Tensor latents, Pass pass) {
        cost = cost.plus(pass.rows().size(), 0);
        return inverter.predictor().predict(latents, pass);
    }

    /** Goes where an interrupted run of this recipe was; takes ownership of the tensors. */
    void restore(List<Tensor> trajectory, List<Tensor> reconstruction, List<Tensor> tuned, Progress progress) {
        replace(inverted, trajectory);
        replace(reconstructed, reconstruction);
        replace(embeddings, tuned);
        losses.clear();
        losses.addAll(progress.losses());
        cost = progress.cost();
    }

    private static void replace(List<Tensor> old, List<Tensor> restored) {
        old.forEach(Tensor::close);
        old.clear();
        old.addAll(restored);
    }

    /** A handle that outlives the scope. */
    private static Tensor kept(Tensor tensor) {
        return tensor.detach().unscoped();
    }

    Inverter inverter() {
        return inverter;
    }

    SourceText text() {
        return text;
    }

    InversionMethod method() {
        return method;
    }

    /** The embedding that a step of an optimisation starts from. */
    Tensor warmStart(TextEmbedding first) {
        return embeddings.isEmpty() ? first.tensor() : embeddings.getLast();
    }
}
