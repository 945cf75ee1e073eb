package io.heddle.bench.imagic;

import com.google.gson.JsonObject;
import io.heddle.bench.SideBySide;
import io.heddle.editing.Fingerprint;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.Verdict;
import io.heddle.editing.imagic.ImagicEditor;
import io.heddle.editing.imagic.ImagicSettings;
import io.heddle.editing.imagic.Start;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Montage;
import io.heddle.image.Picture;
import io.heddle.tensor.Device;
import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Rendering;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Changes the pose in held-out scenes of the toy world by Imagic, by SDEdit, and by sampling the prompt alone, and writes what the oracle reads:
 * {@code table.csv}, {@code table.md}, and a strip of pictures for each scene. Every scene's verdict is kept in a file, so that an interrupted run goes
 * on; another model needs another folder. Arguments: a model, a folder, the number of scenes, 64 by default, and what the prompts leave out,
 * {@code background} by default: attributes with commas between them, or {@code nothing}.
 */
public final class PoseTable implements SideBySide.Tools {
    private static final List<Double> ETAS = List.of(0.0, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6);
    private static final List<Double> STRENGTHS = List.of(0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
    private static final double PLAIN = 1;
    private static final int STEPS = 25;
    private static final double GUIDANCE = 5;

    private final Device device;
    private final StableDiffusion model;
    private final Checkpoint base;
    private final Path folder;
    private final ImagicSettings settings;
    private final Start start;
    private final String recipe;

    private PoseTable(Device device, StableDiffusion model, Checkpoint base, Path folder) {
        this.device = device;
        this.model = model;
        this.base = base;
        this.folder = folder;
        settings = ImagicSettings.standard(model.unet());
        start = Start.standard(model.unet());
        recipe = settings + " from " + start + " with etas " + ETAS + ", strengths " + STRENGTHS + ", " + STEPS + " steps and guidance " + GUIDANCE
                + " by the model " + Fingerprint.of(model);
    }

    /** Runs what is not there yet, and writes the table. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            System.err.println("usage: PoseTable MODEL FOLDER [SCENES [UNSAID]]");
            System.exit(2);
        }
        int scenes = arguments.length == 2 ? 64 : Integer.parseInt(arguments[2]);
        List<PoseChange> changes = PoseChange.heldOut(scenes, arguments.length > 3 ? attributes(arguments[3]) : PoseChange.GROUND);
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        ModelLocation location = ModelLocation.resolve(arguments[0], Optional.empty());
        try (SideBySide<PoseTable> workers = new SideBySide<>(Integer.getInteger("heddle.bench.threads", 1), () -> open(location, folder))) {
            Map<PoseChange, JsonObject> verdicts = new ConcurrentHashMap<>();
            workers.each(changes, (table, change) -> {
                verdicts.put(change, table.verdict(change));
                System.out.println("scene " + change.number() + ", " + change.prompt());
            });
            PoseScores scores = new PoseScores();
            changes.forEach(change -> scores.add(verdicts.get(change)));
            scores.write(folder);
        }
        System.out.print(Files.readString(folder.resolve("table.md")));
    }

    private static Set<Attribute> attributes(String names) {
        return names.equals("nothing")
                ? Set.of()
                : Stream.of(names.toUpperCase(Locale.ROOT).split(",")).map(Attribute::valueOf).collect(Collectors.toSet());
    }

    private static PoseTable open(ModelLocation location, Path folder) {
        Device device = Device.open("cpu", 1);
        return new PoseTable(device, StableDiffusion.load(location, device), location.open(Component.UNET), folder);
    }

    @Override
    public void close() {
        base.close();
        model.close();
        device.close();
    }

    /** The outcomes of all methods by their names in the table. */
    private JsonObject verdict(PoseChange change) {
        String name = "scene-%05d".formatted(change.number());
        return Verdict.kept(folder.resolve(name + ".json"), change.prompt() + " " + change.scene() + ", " + recipe, () -> {
            Picture original = Rendering.of(change.scene()).picture();
            List<Montage.Cell> cells = new ArrayList<>(List.of(new Montage.Cell(original, change.prompt())));
            JsonObject verdict = new JsonObject();
            List<Picture> imagic = new ImagicEditor(model, base::take, settings, ETAS, STEPS, GUIDANCE, change.number(), start)
                    .edit(original, change.prompt(), folder.resolve(name + ".safetensors"));
            for (int i = 0; i < ETAS.size(); i++) {
                put(verdict, cells, "Imagic, eta " + ETAS.get(i), change, imagic.get(i));
            }
            SdEdit sdedit = new SdEdit(model, STEPS, GUIDANCE, change.number());
            for (double strength : STRENGTHS) {
                put(verdict, cells, "SDEdit, strength " + strength, change, sdedit.edit(original, change.prompt(), strength));
            }
            put(verdict, cells, "the prompt sampled", change, sdedit.edit(original, change.prompt(), PLAIN));
            Montage.grid(cells, 1 + ETAS.size()).write(folder.resolve(name + ".png"), Map.of(), Existing.REPLACE);
            return verdict;
        });
    }

    private static void put(JsonObject verdict, List<Montage.Cell> cells, String method, PoseChange change, Picture edited) {
        Outcome outcome = Outcome.of(change, cells.getFirst().picture(), edited);
        verdict.add(method, outcome.toJson());
        cells.add(new Montage.Cell(edited, method + (outcome.changed() ? ", changed" : "") + (outcome.kept() ? ", kept" : "")));
    }
}
