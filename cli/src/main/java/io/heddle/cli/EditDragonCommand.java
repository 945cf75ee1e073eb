package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.dragon.DragonDiffusion;
import io.heddle.editing.dragon.DragonSettings;
import io.heddle.editing.dragon.Edit;
import io.heddle.editing.dragon.MemoryBank;
import io.heddle.editing.dragon.Network;
import io.heddle.editing.dragon.Sketch;
import io.heddle.editing.inversion.SourceText;
import io.heddle.image.Montage;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands of DragonDiffusion have in common: a picture, what shall happen to it, and the picture after it. */
abstract class EditDragonCommand extends Subcommand {
    private static final String EDITED = "edited";
    private static final String BEFORE_AFTER = "before-after";

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final EditedPictureOptions edited = new EditedPictureOptions();

    @Mixin
    private final DragonOptions options = new DragonOptions();

    @Option(names = {"-p", "--prompt"}, paramLabel = "TEXT",
            description = "What the picture shows; without --image and --inversion, what is generated and then edited.")
    private @Nullable String prompt;

    /** What shall happen, the options of the command on a picture of some size that is edited at another one. */
    abstract Request request(Size given, Size working);

    /**
     * What shall happen.
     *
     * @param edit the edit
     * @param second the second picture, if the edit takes one
     * @param sketch the second picture with what is taken from it
     * @param arguments the options of the command, for recipes
     */
    record Request(Edit edit, @Nullable Picture second, @Nullable Picture sketch, JsonObject arguments) {
        /** An edit of one picture. */
        static Request of(Edit edit, JsonObject arguments) {
            return new Request(edit, null, null, arguments);
        }
    }

    /** What the second picture shows, if it is said. */
    @Nullable String secondPrompt() {
        return null;
    }

    @Override
    final void execute() {
        sampling.check();
        options.check(this);
        if (!options.drawsNoise()) {
            sampling.checkSeed(this, edited.given());
        }
        edited.check(this, sampling, "");
        if (!edited.given() && prompt == null) {
            throw new UserError("the picture is missing: name it with --image, or its inversion with --inversion, or generate one with --prompt");
        }
        if (!sampling.scheduler.equalsIgnoreCase("ddim")) {
            throw new UserError("--scheduler " + sampling.scheduler + " cannot be dragged with: energies correct the steps of ddim");
        }
        List<Path> files = files();
        output.check(files);
        try (Device opened = device.open();
                StableDiffusion loaded = StableDiffusion.load(model.locate(), opened)) {
            long start = System.nanoTime();
            Network network = Network.of(loaded, sampling.steps);
            try (DragonSource source = source(loaded, network)) {
                edit(loaded, network, source, files);
            }
            edited.finished(output);
            show(new DraggedPicture(files, sampling.usedSeed(), network.calls(), (System.nanoTime() - start) / 1e9));
        }
    }

    private DragonSource source(StableDiffusion loaded, Network network) {
        Path inversion = edited.file();
        if (inversion != null) {
            return DragonSource.inverted(loaded, network, inversion, prompt);
        }
        String said = prompt == null ? "" : prompt;
        return edited.given()
                ? DragonSource.real(this, loaded, network, sampling, edited, EditedPictureOptions.progress(output), said)
                : DragonSource.generated(loaded, network, sampling, said);
    }

    private void edit(StableDiffusion loaded, Network network, DragonSource source, List<Path> files) {
        Request request = request(source.given(), source.working());
        DragonSettings settings = options.settings(loaded.unet(), request.edit, sampling, edited.options().lowMemory);
        Sampling run = new Sampling(this, model, loaded, sampling, output, false);
        String said = source.text().prompt();
        String other = secondPrompt();
        try (MemoryBank bank = source.bank().apply(settings);
                SourceText text = SourceText.of(loaded, other == null ? said : other);
                MemoryBank second = second(loaded, network, request, text, settings)) {
            Extent size = new Extent(source.working().height(), source.working().width());
            DragonDiffusion dragon = second == null
                    ? DragonDiffusion.of(network, size, bank, request.edit, settings)
                    : DragonDiffusion.of(network, size, bank, second, request.edit, settings);
            Tensor latents = run.run(dragon.start(), 1, dragon::run);
            Picture after = loaded.pictures(latents).getFirst();
            Picture strip = strip(source.picture().apply(bank), request, after);
            JsonObject details = details(request, settings, source);
            output.write(files.getFirst(), after, run.recipe(said, "", after, details));
            output.write(files.getLast(), strip, run.recipe(said, "", strip, details));
        }
    }

    private static @Nullable MemoryBank second(
            StableDiffusion loaded, Network network, Request request, SourceText text, DragonSettings settings) {
        if (request.second == null) {
            return null;
        }
        try (Tensor clean = loaded.encode(request.second)) {
            return MemoryBank.invert(network, clean, text, settings);
        }
    }

    private static Picture strip(Picture before, Request request, Picture after) {
        List<Montage.Cell> cells = new ArrayList<>(List.of(new Montage.Cell(Sketch.of(before, request.edit), "before")));
        if (request.sketch != null) {
            cells.add(new Montage.Cell(request.sketch, "the other picture"));
        }
        cells.add(new Montage.Cell(after, "after"));
        return Montage.strip(cells);
    }

    /** The edited picture's file, and that of the pictures before and after beside each other. */
    private List<Path> files() {
        return List.of(output.pictures(List.of(EDITED)).getFirst(), output.pictures(List.of(EDITED, BEFORE_AFTER)).getLast());
    }

    private JsonObject details(Request request, DragonSettings settings, DragonSource source) {
        JsonObject details = new JsonObject();
        details.addProperty("method", commandName());
        details.add("arguments", request.arguments);
        details.add("settings", DragonOptions.json(settings));
        details.add("source", source.kind());
        return details;
    }
}
