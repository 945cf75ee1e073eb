package io.heddle.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionPlan;
import io.heddle.attention.Pass;
import io.heddle.attention.Route;
import io.heddle.attention.Row;
import io.heddle.attention.Row.Branch;
import io.heddle.attention.Where;
import io.heddle.clip.Word;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.Sampler;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.maps.MapRecorder;
import io.heddle.editing.maps.RecordedMap;
import io.heddle.editing.maps.WordMaps;
import io.heddle.editing.p2p.EditedRun;
import io.heddle.image.HeatMap;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import io.heddle.image.Size;
import io.heddle.schedulers.Schedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads attention maps out of a run. */
@Command(name = "maps",
        description = "Make a picture and write the attention maps of its run: all of them to a safetensors file, or an overlay of each word to a folder.")
final class MapsCommand extends Subcommand {
    private static final Row CONDITIONAL = new Row(Branch.CONDITIONAL, 0);
    private static final double OPACITY = 0.6;

    /** What is kept of a layer's heads. */
    enum Heads { MEAN, ALL }

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Option(names = {"-p", "--prompt"}, paramLabel = "TEXT", required = true, description = "What to show.")
    private String prompt;

    @Option(names = {"-n", "--negative-prompt"}, paramLabel = "TEXT", defaultValue = "",
            description = "What guidance leads away from (default: nothing).")
    private String negativePrompt;

    @Option(names = "--sites", paramLabel = "FILTER",
            description = "Which layers: cross, self, down, mid, up, a grid such as 16x16, or a checkpoint path; a comma means and (default: cross; for overlays the grid nearest to 256 cells).")
    private @Nullable String sites;

    @Option(names = "--heads", paramLabel = "KIND", defaultValue = "mean", description = "mean or all (default: ${DEFAULT-VALUE}).")
    private Heads heads;

    @Option(names = "--steps-kept", paramLabel = "STEPS", defaultValue = "all",
            description = "Which network calls, from 0: all, last, or a list such as 0,10,49 (default: ${DEFAULT-VALUE}).")
    private String stepsKept;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(names = "--plan", description = "Only show what each attention layer would do, and the bytes it would take.")
    private boolean plan;

    @Option(names = "--truncate", description = "Leave out the words that do not fit, instead of refusing the prompt.")
    private boolean truncate;

    @Override
    void execute() {
        sampling.check();
        sampling.checkSeed(this, false);
        Path target = output.target("maps");
        if (OutputOptions.namesPicture(target)) {
            throw new UserError(
                    "-o " + target + " is a picture, and there are several: name a folder for overlays, or a .safetensors file for the maps");
        }
        boolean toFile = target.toString().endsWith(".safetensors");
        if (toFile && !plan) {
            output.check(List.of(target));
        } else if (!plan) {
            output.checkFolder(target);
        }
        try (Device opened = device.open();
                StableDiffusion loaded = StableDiffusion.load(model.locate(), opened)) {
            Sampling run = new Sampling(this, model, loaded, sampling, output, truncate);
            Schedule schedule = run.schedule();
            Extent latent = loaded.latentSize(sampling.size(loaded));
            Predicate<AttentionCall> layers = layers(loaded, latent, schedule, toFile);
            MapRecorder recorder = new MapRecorder(kept(schedule.calls()).and(layers), CONDITIONAL, heads == Heads.ALL);
            Conditioning conditioning = Conditioning.of(List.of(run.encode(prompt)), run.encode(negativePrompt));
            EditRecipe recipe = EditRecipe.plain(conditioning, Guidance.classifierFree(sampling.guidanceScale));
            EditRecipe everyCall = recipe.withTaps(new MapRecorder(layers, CONDITIONAL, heads == Heads.ALL).taps());
            Pass pass = Sampler.pass(1, everyCall, new Sampler(loaded.unet()::predict, schedule).step(0));
            AttentionPlan planned = loaded.unet().plan(latent, pass);
            if (plan) {
                show(new Planned(planned));
                return;
            }
            check(planned, toFile);
            Tensor latents = run.run(recipe.withTaps(recorder.taps()), sampling.noise(loaded, 1));
            if (toFile) {
                write(recorder.maps(), target);
                show(new Written(List.of(target), recorder.maps().size()));
            } else {
                Picture picture = loaded.pictures(latents).getFirst();
                show(new Written(overlays(recorder.maps(), run, picture, TokenizedText.words(loaded.tokenizer(), prompt), target),
                        recorder.maps().size()));
            }
        }
    }

    private Predicate<AttentionCall> kept(int calls) {
        return switch (stepsKept) {
            case "all" -> Where.everywhere();
            case "last" -> Where.calls(calls - 1, calls);
            default -> {
                List<Integer> listed = new ArrayList<>();
                for (String part : stepsKept.split(",")) {
                    if (!part.strip().matches("\\d{1,6}") || Integer.parseInt(part.strip()) >= calls) {
                        throw new UserError(
                                "--steps-kept has '" + part + "': expected all, last, or numbers from 0 to " + (calls - 1) + " with commas between");
                    }
                    listed.add(Integer.parseInt(part.strip()));
                }
                yield call -> listed.contains(call.step().index());
            }
        };
    }

    private Predicate<AttentionCall> layers(StableDiffusion loaded, Extent latent, Schedule schedule, boolean toFile) {
        if (toFile) {
            return sites == null ? Where.cross() : Where.parse(sites);
        }
        Extent grid = EditedRun.of(loaded, latent, sampling.steps, schedule).objectGrid();
        return Where.cross().and(sites == null ? Where.grid(grid) : Where.parse(sites));
    }

    /** Refuses a selection that there would be nothing to write of, before anything runs. */
    private void check(AttentionPlan planned, boolean toFile) {
        List<Size> grids = planned.lines().stream().filter(line -> line.route() != Route.FUSED)
                .map(MapsCommand::grid).distinct().toList();
        if (grids.isEmpty()) {
            throw new UserError(
                    "--sites " + sites + " selects no " + (toFile ? "" : "cross-") + "attention of this model at this size: see heddle maps --plan");
        }
        if (!toFile && grids.size() > 1) {
            throw new UserError(
                    "--sites " + sites + " selects maps of the grids " + grids.stream().map(Size::toString).collect(Collectors.joining(", "))
                            + ", and overlays are of one: name one of them behind a comma, or write all maps with -o FILE.safetensors");
        }
    }

    private static Size grid(AttentionPlan.Line line) {
        return new Size(line.grid().width(), line.grid().height());
    }

    private void write(List<RecordedMap> maps, Path target) {
        SafetensorsWriter file = new SafetensorsWriter();
        for (RecordedMap map : maps) {
            List<Long> shape = new ArrayList<>();
            if (heads == Heads.ALL) {
                shape.add((long) map.heads());
            }
            if (map.site().isCross()) {
                shape.add((long) map.grid().height());
                shape.add((long) map.grid().width());
            } else {
                shape.add((long) map.grid().cells());
            }
            shape.add((long) map.keys());
            file.add(map.name(), StoredType.F32, shape, map::elements);
        }
        file.metadata("prompt", prompt).write(target, output.existing());
    }

    private List<Path> overlays(List<RecordedMap> maps, Sampling run, Picture picture, List<Word> words, Path folder) {
        JsonObject details = new JsonObject();
        details.addProperty("method", "maps");
        PictureRecipe recipe = run.recipe(prompt, negativePrompt, picture, details);
        List<Path> written = new ArrayList<>(List.of(folder.resolve("picture.png")));
        output.write(written.getFirst(), picture, recipe);
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            if (word.positions().isEmpty()) {
                continue; // nothing of it is in the context
            }
            HeatMap map = WordMaps.of(maps, word);
            written.add(folder.resolve(String.format(Locale.ROOT, "%02d-%s.png", i, word.text().replaceAll("[^\\p{L}\\p{N}-]+", "_"))));
            output.write(written.getLast(), map.over(picture, map.range(), OPACITY), recipe);
        }
        return written;
    }

    private record Planned(AttentionPlan plan) implements Report {
        @Override
        public JsonObject json() {
            JsonObject json = new JsonObject();
            JsonArray lines = new JsonArray();
            plan.lines().forEach(line -> {
                JsonObject object = new JsonObject();
                object.addProperty("site", line.site().path());
                object.addProperty("grid", grid(line).toString());
                object.addProperty("route", line.route().name());
                object.addProperty("mapBytes", line.mapBytes());
                lines.add(object);
            });
            json.add("sites", lines);
            json.addProperty("peakMapBytes", plan.peakMapBytes());
            return json;
        }

        @Override
        public void print(PrintStream out) {
            out.println(plan);
        }
    }

    private record Written(List<Path> files, int maps) implements Report {
        @Override
        public JsonObject json() {
            JsonObject json = new JsonObject();
            JsonArray paths = new JsonArray();
            files.forEach(file -> paths.add(file.toString()));
            json.add("files", paths);
            json.addProperty("maps", maps);
            return json;
        }

        @Override
        public void print(PrintStream out) {
            files.forEach(file -> out.println("wrote " + file));
            out.println(maps + " maps read");
        }
    }
}
