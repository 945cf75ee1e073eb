package io.heddle.editing.imagic;

import com.google.gson.JsonObject;
import io.heddle.attention.Pass;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Fingerprint;
import io.heddle.editing.imagic.DenoisingLoss.Outcome;
import io.heddle.nn.Adam;
import io.heddle.nn.Parameter;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Imagic on its way: what is to be done, and what is done so far. It can be interrupted after any step and gives the same bits when it goes on. */
public final class ImagicRun implements AutoCloseable {
    /** The key of the embedding among the optimisers; weights have their names. */
    static final String EMBEDDING = "embedding";

    private static final int MEASUREMENTS = 3;
    private static final int MOST_MEASURED_LEVELS = 16;
    private static final int STEPS_TO_A_LEVEL = 10;

    final Tensor embedding;
    final Map<String, Adam> optimisers = new TreeMap<>();
    final List<Float> embeddingLosses = new ArrayList<>();
    final List<Float> networkLosses = new ArrayList<>();
    final List<Float> measured = new ArrayList<>();
    final TunedNetwork network;
    final Tensor clean;

    private final Imagic imagic;
    private final TextEmbedding target;
    private final TrainingDraws draws;
    private final DenoisingLoss loss;
    private final JsonObject recipe;

    ImagicRun(Imagic imagic, Tensor clean, String prompt, TextEmbedding target, TunedNetwork network, TrainingDraws draws) {
        this.imagic = imagic;
        this.clean = clean.detach().unscoped();
        this.target = target;
        this.network = network;
        this.draws = draws;
        embedding = target.tensor().gatherRows(0).unscoped();
        loss = new DenoisingLoss(imagic.unet(), imagic.levels(), imagic.prediction());
        recipe = recipeOf(imagic, clean, prompt, target, draws);
    }

    /** The inputs count the first random numbers, so that a file of other ones is not gone on from. */
    private static JsonObject recipeOf(Imagic imagic, Tensor clean, String prompt, TextEmbedding target, TrainingDraws draws) {
        Fingerprint inputs = new Fingerprint().add(clean.toArray()).add(target.tensor().toArray()).add(imagic.prediction().key());
        for (int level = 0; level < imagic.levels().steps(); level++) {
            inputs.add(imagic.levels().alphaBar(level));
        }
        try (Tensor noise = draws.draw(Stage.EMBEDDING, 0, 1).noise()) {
            inputs.add(noise.toArray());
        }
        JsonObject recipe = new JsonObject();
        recipe.addProperty("method", "imagic");
        recipe.add("settings", imagic.settings().toJson());
        recipe.addProperty("prompt", prompt);
        recipe.addProperty("model", imagic.model());
        recipe.addProperty("inputs", inputs.hex());
        return recipe;
    }

    /** The recipe; runs of the same recipe give the same bits. */
    public JsonObject recipe() {
        return recipe.deepCopy();
    }

    /** The steps of both stages. */
    public int steps() {
        return imagic.settings().steps();
    }

    /** How many steps are done. */
    public int done() {
        return embeddingLosses.size() + networkLosses.size();
    }

    /** How it went so far. */
    public ImagicReport report() {
        return new ImagicReport(List.copyOf(embeddingLosses), List.copyOf(networkLosses), List.copyOf(measured));
    }

    /**
     * Does what is left of both stages.
     *
     * @param stepped called after each step
     */
    public ImagicEdit finish(Consumer<ImagicRun> stepped) {
        train(stepped);
        return settled();
    }

    void train(Consumer<ImagicRun> stepped) {
        measure(0);
        while (embeddingLosses.size() < imagic.settings().embedding().steps()) {
            embeddingLosses.add(tuneEmbedding());
            stepped.accept(this);
        }
        measure(1);
        closeOptimiser(EMBEDDING);
        while (networkLosses.size() < imagic.settings().network().steps()) {
            networkLosses.add(tuneNetwork());
            stepped.accept(this);
        }
        measure(2);
        List.copyOf(optimisers.keySet()).forEach(this::closeOptimiser);
    }

    /** The finished run's edit; owns network and embedding from now on. */
    ImagicEdit settled() {
        network.settle();
        return new ImagicEdit(recipe(), clean, embedding, target, network, report());
    }

    /** Stage A: one step of the embedding, the network frozen. Returns the loss before it. */
    private float tuneEmbedding() {
        Descent descent = imagic.settings().embedding();
        try (Scope _ = embedding.device().scope();
                Recording tape = Recording.open()) {
            Tensor watched = tape.watch(embedding);
            Outcome outcome = evaluate(TextEmbedding.of(watched), draws.draw(Stage.EMBEDDING, embeddingLosses.size(), descent.batch()), tape);
            optimiser(EMBEDDING, embedding)
                    .step(embedding, tape.gradients(outcome.prediction(), outcome.seed()).of(watched), descent.learningRate());
            return outcome.value();
        }
    }

    /** Stage B: one step of the network, the embedding frozen; each weight moves as soon as its gradient is final. Returns the loss before it. */
    private float tuneNetwork() {
        Descent descent = imagic.settings().network();
        network.changed();
        try (Scope _ = embedding.device().scope();
                TextEmbedding text = TextEmbedding.of(embedding);
                Recording tape = Recording.open()) {
            Map<Tensor, Parameter> watched = new IdentityHashMap<>();
            network.weights().forEach(weight -> watched.put(weight.watch(tape), weight));
            Outcome outcome = evaluate(text, draws.draw(Stage.NETWORK, networkLosses.size(), descent.batch()), tape);
            float value = outcome.value();
            tape.backward(outcome.prediction(), outcome.seed(),
                    (weight, gradient) -> optimiser(watched.get(weight).name(), weight).step(weight, gradient, descent.learningRate()));
            return value;
        }
    }

    private Outcome evaluate(TextEmbedding text, TrainingDraw draw, Recording tape) {
        return loss.evaluate(clean, text, draw, pass -> imagic.checkpointed() ? pass.checkpointing(tape) : pass);
    }

    /** The mean loss over noise levels that are the same each time: of the target's encoding, of the optimised one, of the tuned network. */
    private void measure(int time) {
        if (measured.size() == time && time < MEASUREMENTS) {
            int levels = Math.clamp(steps() / STEPS_TO_A_LEVEL, 1, MOST_MEASURED_LEVELS);
            float sum = 0;
            for (int level = 0; level < levels; level++) {
                try (Scope _ = embedding.device().scope();
                        TextEmbedding text = TextEmbedding.of(embedding)) {
                    sum += loss.evaluate(clean, text, draws.draw(Stage.MEASUREMENT, level, 1), pass -> pass).value();
                }
            }
            measured.add(sum / levels);
        }
    }

    /** Goes where an interrupted run of this recipe was; weights and optimisers are restored beside. */
    void restore(ImagicReport report, float[] tunedEmbedding) {
        embedding.assign(tunedEmbedding);
        replace(embeddingLosses, report.embeddingLosses());
        replace(networkLosses, report.networkLosses());
        replace(measured, report.measured());
    }

    private static void replace(List<Float> losses, List<Float> restored) {
        losses.clear();
        losses.addAll(restored);
    }

    Adam optimiser(String name, Tensor like) {
        return optimisers.computeIfAbsent(name, _ -> Adam.of(like));
    }

    private void closeOptimiser(String name) {
        Adam optimiser = optimisers.remove(name);
        if (optimiser != null) {
            optimiser.close();
        }
    }

    /** Gives the state back, and the network its own weights. */
    @Override
    public void close() {
        List.copyOf(optimisers.keySet()).forEach(this::closeOptimiser);
        network.close();
        embedding.close();
        clean.close();
    }
}
