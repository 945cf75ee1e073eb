package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.editing.Latents;
import io.heddle.editing.ResultFile;
import io.heddle.editing.ResultFile.Found;
import io.heddle.editing.StableDiffusion;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.weights.SafetensorsFile;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredTensor;
import io.heddle.weights.StoredType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An inversion in a safetensors file, in PyTorch's layout: {@code trajectory [steps+1, 4, h, w]}, the clean latent first; {@code reconstruction} of the same
 * shape, the noise first; {@code embeddings [steps, tokens, dim]} of the sampling calls, where the method has them; the recipe and the report as JSON in the
 * metadata. While an inversion runs, what is done is kept under the same name with {@code .partial} behind it.
 *
 * @param path the finished file
 */
public record InversionFile(Path path) {
    private static final String TRAJECTORY = "trajectory";
    private static final String RECONSTRUCTION = "reconstruction";
    private static final String EMBEDDINGS = "embeddings";
    private static final String RECIPE = "recipe";
    private static final String PROGRESS = "progress";
    private static final String REPORT = "report";

    /** Where progress is kept. */
    public Path partial() {
        return new ResultFile(path).partial();
    }

    /** What there is for a run to go on from; brings the run there. */
    public Found resume(InversionRun run) {
        return new ResultFile(path).resume(from -> restore(from, run));
    }

    /** As {@link #resume}, without looking at the finished file. */
    public Found resumePartial(InversionRun run) {
        return restore(partial(), run) ? Found.PARTIAL : Found.NOTHING;
    }

    /**
     * Does what is left of a run, keeping its progress after each step, and writes no file: what is kept lasts until {@link #discardPartial}, so that a
     * longer work of which the inversion is a part goes on after it.
     *
     * @param stepped called after each step
     * @throws io.heddle.files.OutputException if the progress cannot be written
     */
    public Inversion advance(InversionRun run, Consumer<InversionRun> stepped) {
        return run.finish(now -> {
            writer(now).write(partial(), Existing.REPLACE);
            stepped.accept(now);
        });
    }

    /** Deletes the progress that was kept. */
    public void discardPartial() {
        new ResultFile(path).discardPartial();
    }

    /**
     * Does what is left of a run, keeping its progress after each step, and writes the file.
     *
     * @param existing whether a file of another recipe may be replaced
     * @param stepped called after each step
     * @param report made of the finished inversion
     * @throws io.heddle.files.OutputException if the file cannot be written
     */
    public Inversion complete(InversionRun run, Existing existing, Consumer<InversionRun> stepped, Function<Inversion, InversionReport> report) {
        new ResultFile(path).requireWritable(existing);
        Inversion inversion = advance(run, stepped);
        writer(run).metadata(REPORT, report.apply(inversion).toJson().toString()).write(path, existing);
        discardPartial();
        return inversion;
    }

    /**
     * A finished inversion for edits, on whatever device and in whatever precision the model is.
     *
     * @throws IllegalArgumentException if the file is not an inversion, or one with another model
     */
    public Inversion load(StableDiffusion model) {
        JsonObject recipe = recipe();
        if (InversionRecipe.isOld(recipe)) {
            throw new IllegalArgumentException(
                    path + " is of an earlier version, whose inversions fitted only the device that they were made on: invert the picture again");
        }
        InversionMethod method = InversionMethod.of(recipe.get("method").getAsString(), recipe.getAsJsonObject("settings"));
        Inverter inverter = Inverter.of(model, recipe.get("steps").getAsInt(), recipe.get("guidance").getAsDouble(), false);
        String prompt = recipe.get("prompt").getAsString();
        if (!InversionRecipe.anywhere(recipe).toString().equals(InversionRecipe.of(inverter, prompt, method).toString())) {
            throw new IllegalArgumentException(path + " was made with another model, and does not fit this one: invert the picture again");
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            InversionRun run;
            try (Tensor clean = latent(model.device(), rows(file, TRAJECTORY).getFirst())) {
                run = new InversionRun(inverter, clean, SourceText.of(model, prompt), method);
            }
            restore(file, run);
            return run.finish(_ -> {}).owningText();
        }
    }

    /**
     * The recipe in a finished file.
     *
     * @throws IllegalArgumentException if the file is not an inversion
     */
    public JsonObject recipe() {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            if (!file.metadata().keySet().containsAll(List.of(RECIPE, PROGRESS)) || !file.tensors().containsKey(TRAJECTORY)) {
                throw new IllegalArgumentException(path + " is not an inversion: it has no recipe, progress or trajectory; make one with invert");
            }
            return JsonParser.parseString(file.metadata().get(RECIPE)).getAsJsonObject();
        }
    }

    /** The report in a finished file. */
    public JsonObject report() {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return JsonParser.parseString(file.metadata().getOrDefault(REPORT, "{}")).getAsJsonObject();
        }
    }

    private static SafetensorsWriter writer(InversionRun run) {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("format", "pt")
                .metadata(RECIPE, run.recipe().toString())
                .metadata(PROGRESS, Progress.of(run).toJson().toString());
        add(writer, TRAJECTORY, run.inverted.stream().map(InversionFile::channelsFirst).toList());
        add(writer, RECONSTRUCTION, run.reconstructed.stream().map(InversionFile::channelsFirst).toList());
        add(writer, EMBEDDINGS, run.embeddings.stream().map(e -> new Plain(e.toArray(), e.shape())).toList());
        return writer;
    }

    private record Plain(float[] elements, Shape shape) {}

    private static Plain channelsFirst(Tensor latent) {
        return new Plain(Latents.toChannelsFirst(latent), Shape.of(1, latent.dim(3), latent.dim(1), latent.dim(2)));
    }

    /** Adds tensors of one row each as one tensor. */
    private static void add(SafetensorsWriter writer, String name, List<Plain> rows) {
        if (!rows.isEmpty()) {
            Shape one = rows.getFirst().shape();
            List<Long> shape = Arrays.stream(one.with(0, rows.size()).dims()).asLongStream().boxed().toList();
            writer.add(name, StoredType.F32, shape, () -> {
                float[] all = new float[Math.toIntExact(one.size() * rows.size())];
                for (int i = 0; i < rows.size(); i++) {
                    System.arraycopy(rows.get(i).elements(), 0, all, Math.toIntExact(i * one.size()), Math.toIntExact(one.size()));
                }
                return all;
            });
        }
    }

    private static boolean restore(Path from, InversionRun run) {
        if (!Files.exists(from)) {
            return false;
        }
        try (SafetensorsFile file = SafetensorsFile.open(from)) {
            boolean same = run.recipe().toString().equals(file.metadata().get(RECIPE));
            if (same) {
                restore(file, run);
            }
            return same;
        }
    }

    private static void restore(SafetensorsFile file, InversionRun run) {
        Device device = run.inverted.getFirst().device();
        Progress progress = Progress.of(JsonParser.parseString(file.metadata().get(PROGRESS)).getAsJsonObject());
        run.restore(latents(file, TRAJECTORY, device), latents(file, RECONSTRUCTION, device), embeddings(file, device), progress);
    }

    private static List<Tensor> latents(SafetensorsFile file, String name, Device device) {
        return rows(file, name).stream().map(row -> latent(device, row).unscoped()).toList();
    }

    private static Tensor latent(Device device, Plain row) {
        return Latents.fromChannelsFirst(device, row.shape(), row.elements());
    }

    private static List<Tensor> embeddings(SafetensorsFile file, Device device) {
        return rows(file, EMBEDDINGS).stream().map(row -> device.tensor(row.shape(), row.elements()).unscoped()).toList();
    }

    /** The rows of a tensor, or none if it is absent. */
    private static List<Plain> rows(SafetensorsFile file, String name) {
        List<Plain> rows = new ArrayList<>();
        if (file.tensors().containsKey(name)) {
            StoredTensor stored = file.tensor(name);
            Shape shape = Shape.of(stored.shape().stream().mapToInt(Math::toIntExact).toArray());
            float[] elements = stored.toFloats();
            int size = elements.length / shape.dim(0);
            for (int i = 0; i < shape.dim(0); i++) {
                rows.add(new Plain(Arrays.copyOfRange(elements, i * size, (i + 1) * size), shape.with(0, 1)));
            }
        }
        return rows;
    }
}
