package io.heddle.bench.quality;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.dragon.Network;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.SourceText;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.image.Picture;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Split;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The work on one item: its scene, its noise, its random choices, and the encodings of its prompts, which end with it. */
final class Session implements AutoCloseable {
    private static final long CHOICES = 1L << 40;
    private static final String EMPTY = "";

    private final Laboratory laboratory;
    private final int item;
    private final Scope scope;
    private final Map<String, TextEmbedding> encoded = new HashMap<>();
    private long counted;

    Session(Laboratory laboratory, int item) {
        this.laboratory = laboratory;
        this.item = item;
        scope = laboratory.model().device().scope();
        counted = laboratory.evaluations();
    }

    int item() {
        return item;
    }

    /** The item's held-out scene. */
    Scene scene(SceneMix mix) {
        return Split.EVALUATION.scene(item, mix);
    }

    /** A generator for choices that are none of the scene's. */
    Random choices() {
        return Split.EVALUATION.random(CHOICES + item);
    }

    StableDiffusion model() {
        return laboratory.model();
    }

    EditedRun run() {
        return EditedRun.of(model(), laboratory.latent(), laboratory.steps(), laboratory.schedule());
    }

    /** The network as dragging calls it. */
    Network network() {
        return new Network(model().unet(), laboratory.schedule());
    }

    Inverter inverter(double guidance) {
        return new Inverter(EMPTY, laboratory.predictor(), laboratory.schedule(), guidance);
    }

    /** The item's noise, the same for all its pictures. */
    Tensor noise() {
        return model().noise(item, laboratory.latent());
    }

    /** Prompts numbered from 0 that guidance leads to from the empty one. */
    Conditioning conditioning(List<String> prompts) {
        return Conditioning.of(prompts.stream().map(this::encode).toList(), encode(EMPTY));
    }

    /** A prompt as the text of an inversion; its encodings are the session's. */
    SourceText text(String prompt) {
        return new SourceText(prompt, encode(prompt), encode(EMPTY));
    }

    /** Samples the pictures of a recipe. */
    List<Picture> sample(Tensor start, EditRecipe recipe) {
        try (Scope _ = model().device().scope()) {
            return model().pictures(latents(start, recipe));
        }
    }

    /** Samples the latents of a recipe. */
    Tensor latents(Tensor start, EditRecipe recipe) {
        return new Sampler(laboratory.predictor(), laboratory.schedule()).run(start, recipe, SamplingListener.NONE);
    }

    /** Samples prompts from the item's noise, as one batch. */
    List<Picture> generate(List<String> prompts, double guidance) {
        return sample(noise(), EditRecipe.plain(conditioning(prompts), Guidance.classifierFree(guidance)));
    }

    /** The rows that the network evaluated since this was last asked. */
    long evaluations() {
        long before = counted;
        counted = laboratory.evaluations();
        return counted - before;
    }

    @Override
    public void close() {
        encoded.values().forEach(TextEmbedding::close);
        scope.close();
    }

    TextEmbedding encode(String prompt) {
        return encoded.computeIfAbsent(prompt, model()::encode);
    }
}
