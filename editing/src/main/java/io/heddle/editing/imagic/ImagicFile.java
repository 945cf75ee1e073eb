package io.heddle.editing.imagic;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Fingerprint;
import io.heddle.editing.Latents;
import io.heddle.editing.ResultFile;
import io.heddle.editing.ResultFile.Found;
import io.heddle.editing.StableDiffusion;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.nn.Adam;
import io.heddle.nn.Parameter;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.weights.SafetensorsFile;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredTensor;
import io.heddle.weights.StoredType;
import io.heddle.weights.WeightSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What Imagic has learnt of a picture, in a safetensors file: {@code embedding [1, tokens, dim]}, the picture's {@code latent [1, 4, h, w]} and, for each
 * weight that was tuned, {@code unet.NAME}: what was added to it, in float32, in the checkpoint's shape; recipe and report as JSON in the metadata.
 *
 * <p>While a run goes on, its weights and Adam's moments are kept under the same name with {@code .partial} behind it, so often that saving takes a
 * twentieth of the time at most.
 *
 * @param path the finished file
 */
public record ImagicFile(Path path) {
    private static final String LATENT = "latent";
    private static final String WEIGHT = "unet.";
    private static final String RECIPE = "recipe";
    private static final String REPORT = "report";
    private static final int TIMES_AS_LONG_AS_SAVING = 20;

    /** Where progress is kept. */
    public Path partial() {
        return new ResultFile(path).partial();
    }

    /** What there is for a run to go on from; brings the run there. */
    public Found resume(ImagicRun run) {
        return new ResultFile(path).resume(from -> restore(from, run));
    }

    /**
     * Does what is left of a run, keeping its progress, and writes the file.
     *
     * @param existing whether a file of another recipe may be replaced
     * @param stepped called after each step
     * @throws io.heddle.files.OutputException if the file cannot be written
     */
    public ImagicEdit complete(ImagicRun run, Existing existing, Consumer<ImagicRun> stepped) {
        ResultFile result = new ResultFile(path);
        result.requireWritable(existing);
        Saving saving = new Saving();
        run.train(now -> {
            saving.ifDue(() -> progress(now).write(partial(), Existing.REPLACE));
            stepped.accept(now);
        });
        SafetensorsWriter writer = writer(run);
        run.network.weights().forEach(weight -> add(writer, WEIGHT + weight.name(), weight.checkpointShape(), () -> run.network.difference(weight)));
        writer.write(path, existing);
        result.discardPartial();
        return run.settled();
    }

    /** Saves when the time since the last saving is long against what that one took. */
    private static final class Saving {
        private long dueAt;

        void ifDue(Runnable save) {
            long start = System.nanoTime();
            if (dueAt == 0 || start - dueAt >= 0) {
                save.run();
                long end = System.nanoTime();
                dueAt = end + TIMES_AS_LONG_AS_SAVING * (end - start);
            }
        }
    }

    /**
     * What was learnt of a picture before, for edits; the model's network has its tuned weights until the edit is closed.
     *
     * @param base has the network's weights as they are
     * @throws IllegalArgumentException if the file has something else, or was made with another model
     */
    public ImagicEdit load(StableDiffusion model, WeightSource base) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            if (!file.metadata().containsKey(RECIPE) || !file.tensors().containsKey(LATENT)) {
                throw new IllegalArgumentException(path + " has no tuned embedding and weights: make it with edit imagic --tuned-out");
            }
            JsonObject recipe = JsonParser.parseString(file.metadata().get(RECIPE)).getAsJsonObject();
            if (!Fingerprint.of(model.unet()).equals(recipe.get("model").getAsString())) {
                throw new IllegalArgumentException(path + " was made with another model, and does not fit this one: tune this one to the picture");
            }
            ImagicSettings settings = ImagicSettings.of(recipe.getAsJsonObject("settings"));
            TunedNetwork network = new TunedNetwork(settings.trained(model.unet()), base);
            StoredTensor latent = file.tensor(LATENT);
            Tensor clean = Latents.fromChannelsFirst(model.device(), shape(latent), latent.toFloats()).unscoped();
            StoredTensor embedding = file.tensor(ImagicRun.EMBEDDING);
            Tensor optimised = model.device().tensor(shape(embedding), embedding.toFloats()).unscoped();
            TextEmbedding target = model.encode(recipe.get("prompt").getAsString());
            addDifferences(network, file);
            return new ImagicEdit(recipe, clean, optimised, target, network, report(file));
        }
    }

    private static ImagicReport report(SafetensorsFile file) {
        return ImagicReport.of(JsonParser.parseString(file.metadata().get(REPORT)).getAsJsonObject());
    }

    private static SafetensorsWriter writer(ImagicRun run) {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("format", "pt")
                .metadata(RECIPE, run.recipe().toString())
                .metadata(REPORT, run.report().toJson().toString());
        Tensor clean = run.clean;
        add(writer, LATENT, Shape.of(1, clean.dim(3), clean.dim(1), clean.dim(2)), () -> Latents.toChannelsFirst(clean));
        add(writer, ImagicRun.EMBEDDING, run.embedding.shape(), run.embedding::toArray);
        return writer;
    }

    /** The state between two steps. */
    private static SafetensorsWriter progress(ImagicRun run) {
        SafetensorsWriter writer = writer(run);
        if (!run.networkLosses.isEmpty()) {
            run.network.weights().forEach(weight -> add(writer, WEIGHT + weight.name(), weight.checkpointShape(), weight::toCheckpoint));
        }
        run.optimisers.forEach((name, adam) -> adam.state().forEach(
                (moment, tensor) -> add(writer, moment + "." + name, tensor.shape(), tensor::toArray)));
        return writer;
    }

    private static void add(SafetensorsWriter writer, String name, Shape shape, Supplier<float[]> elements) {
        writer.add(name, StoredType.F32, Arrays.stream(shape.dims()).asLongStream().boxed().toList(), elements);
    }

    private boolean restore(Path from, ImagicRun run) {
        if (!Files.exists(from)) {
            return false;
        }
        try (SafetensorsFile file = SafetensorsFile.open(from)) {
            if (!run.recipe().toString().equals(file.metadata().get(RECIPE))) {
                return false;
            }
            run.restore(report(file), file.tensor(ImagicRun.EMBEDDING).toFloats());
            if (from.equals(path)) {
                addDifferences(run.network, file);
            } else {
                restoreTraining(file, run);
            }
            return true;
        }
    }

    private static void addDifferences(TunedNetwork network, SafetensorsFile file) {
        network.add(weight -> file.tensor(WEIGHT + weight.name()).toFloats());
    }

    private static void restoreTraining(SafetensorsFile file, ImagicRun run) {
        if (run.networkLosses.isEmpty()) {
            restore(file, run, ImagicRun.EMBEDDING, run.embedding, run.embeddingLosses);
            return;
        }
        run.network.changed();
        for (Parameter weight : run.network.weights()) {
            weight.assign(file.tensor(WEIGHT + weight.name()).toFloats());
            restore(file, run, weight.name(), weight.tensor(), run.networkLosses);
        }
    }

    private static void restore(SafetensorsFile file, ImagicRun run, String name, Tensor like, List<Float> losses) {
        Adam adam = run.optimiser(name, like);
        for (Map.Entry<String, Tensor> moment : adam.state().entrySet()) {
            moment.getValue().assign(file.tensor(moment.getKey() + "." + name).toFloats());
        }
        adam.resume(losses.size());
    }

    private static Shape shape(StoredTensor stored) {
        return Shape.of(stored.shape().stream().mapToInt(Math::toIntExact).toArray());
    }
}
