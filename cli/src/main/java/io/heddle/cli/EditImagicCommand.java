package io.heddle.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.ResultFile.Found;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.imagic.DenoisingJudge;
import io.heddle.editing.imagic.EditScore;
import io.heddle.editing.imagic.ImagicEdit;
import io.heddle.editing.imagic.ImagicFile;
import io.heddle.editing.imagic.ImagicReport;
import io.heddle.editing.imagic.ImagicRun;
import io.heddle.editing.imagic.Start;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Edits a real picture by tuning an embedding and the network to it. */
@Command(name = "imagic", description = "Imagic: tune an embedding and the network to a picture, then lead the embedding towards the target prompt."
        + " Changes what other methods keep: pose, viewpoint, composition. An interrupted run goes on where it was.")
final class EditImagicCommand extends Subcommand {
    private static final double MOST = 2;
    private static final String FILE = "imagic.safetensors";

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final PictureOptions picture = new PictureOptions();

    @Mixin
    private final ImagicOptions options = new ImagicOptions();

    @Option(names = "--target-prompt", paramLabel = "TEXT", required = true, description = "What the edited picture shows.")
    private String targetPrompt;

    @Option(names = "--eta", paramLabel = "ETA,...", defaultValue = "0,0.2,0.4,0.6,0.7,0.8,0.9,1",
            description = "How far to go, 0 (the picture) to 1 (the target prompt), or beyond it to 2; one picture each, and a strip of all"
                    + " (default: ${DEFAULT-VALUE}).")
    private String etas;

    @Option(names = "--start", paramLabel = "START",
            description = "What is sampled from: noise, or the picture under the noise of the first step, which keeps backgrounds that the target does not name"
                    + " (default: noise, for small networks picture).")
    private @Nullable String start;

    @Option(names = "--tuned-out", paramLabel = "DIR",
            description = "Keep the embedding, and what was added to the network's weights, in this folder.")
    private @Nullable Path tunedOut;

    @Option(names = "--tuned", paramLabel = "DIR", description = "Use what --tuned-out kept; nothing is tuned, and --image may be left out.")
    private @Nullable Path tuned;

    @Option(names = "--no-scores", description = "Leave out the scores of the pictures, which take 32 evaluations of the network each.")
    private boolean noScores;

    @Override
    void execute() throws IOException {
        sampling.check();
        sampling.checkSeed(this, false);
        check();
        EtaSweep sweep = EtaSweep.of(etas, MOST, output);
        ModelLocation location = model.locate();
        try (Device opened = device.open();
                StableDiffusion loaded = StableDiffusion.load(location, opened);
                Checkpoint base = location.open(Component.UNET);
                TextEmbedding empty = loaded.encode("")) {
            long begin = System.nanoTime();
            Start from = start == null ? Start.standard(loaded.unet()) : Start.of(start);
            Sampling run = new Sampling(this, model, loaded, sampling, output, false);
            Picture original;
            ImagicReport report;
            JsonObject tuning;
            List<Picture> pictures;
            try (ImagicEdit edit = tuned == null ? tune(loaded, base) : reuse(loaded, base)) {
                report = edit.report();
                tuning = edit.recipe();
                EditRecipe recipe = edit.recipe(sweep.etas(), empty, sampling.guidanceScale);
                Tensor noise = sampling.noise(loaded, sweep.etas().size(), edit.latent());
                NoiseSchedule levels = loaded.scheduler(SchedulerKind.DDIM).noise();
                pictures = loaded.pictures(run.run(recipe, from.of(noise, edit.clean(), levels, run.schedule())));
                original = loaded.pictures(edit.clean()).getFirst();
            }
            List<EditScore> scores = noScores ? List.of() : scores(loaded, original, pictures);
            sweep.write(pictures, i -> scores.isEmpty() ? "" : ": " + scores.get(i), output,
                    (made, eta) -> run.recipe(targetPrompt, "", made, details(tuning, from, eta)));
            if (tuned == null && tunedOut == null) {
                Files.deleteIfExists(file().path());
            }
            show(new Edited(new MadePictures(sweep.files(), sampling.usedSeed(), (System.nanoTime() - begin) / 1e9), sweep.etas(), scores, report));
        }
    }

    private void check() {
        if (tuned == null && !picture.given()) {
            throw new UserError("the picture is missing: name it with --image, or what was learnt of it before with --tuned");
        }
        if (tuned != null && tunedOut != null) {
            throw new UserError("--tuned uses what was tuned before and --tuned-out keeps what is tuned now: give one of them");
        }
        if (tuned != null) {
            refuse("with --tuned", "--image", "--width", "--height");
            refuse("with --tuned", ImagicOptions.NAMES);
        }
        if (tunedOut != null) {
            new OutputFolder(tunedOut).prepare();
        }
    }

    /** The picture's embedding and network, tuned now or, where this very recipe was tuned before, taken from there. */
    private ImagicEdit tune(StableDiffusion loaded, Checkpoint base) {
        ImagicFile file = file();
        Tensor clean = loaded.encode(picture.read(loaded, sampling.width, sampling.height));
        TextEmbedding target = loaded.encode(targetPrompt);
        Extent latent = new Extent(clean.dim(1), clean.dim(2));
        ImagicRun run = options.imagic(this, loaded, latent).prepare(clean, targetPrompt, target, base::take);
        Found found = file.resume(run);
        if (found == Found.FINISHED) {
            tell(file.path() + " holds this tuning already and is used as it is");
            return run.finish(_ -> {});
        }
        if (found == Found.PARTIAL) {
            tell("going on from " + file.partial() + ", where " + run.done() + " of " + run.steps() + " steps are done");
        }
        try (Progress progress = new Progress(streams(), global(), "tuning")) {
            ImagicEdit edit =
                    file.complete(run, tunedOut == null ? Existing.REPLACE : output.existing(), now -> progress.draw(now.done(), now.steps()));
            edit.report().warnings().forEach(this::tell);
            return edit;
        }
    }

    /** Where tuned weights are kept, for good or until the pictures are written. */
    private ImagicFile file() {
        return new ImagicFile(tunedOut == null ? output.working(FILE) : tunedOut.resolve(FILE));
    }

    private ImagicEdit reuse(StableDiffusion loaded, Checkpoint base) {
        ImagicEdit edit = new ImagicFile(tuned.resolve(FILE)).load(loaded, base::take);
        if (!edit.prompt().equals(targetPrompt)) {
            edit.close();
            throw new UserError("the network in " + tuned + " was tuned for the prompt \"" + edit.prompt() + "\", but --target-prompt is \""
                    + targetPrompt + "\": give the same");
        }
        return edit;
    }

    private List<EditScore> scores(StableDiffusion loaded, Picture original, List<Picture> pictures) {
        DenoisingJudge judge = new DenoisingJudge(loaded);
        return pictures.stream().map(edited -> judge.judge(original, edited, targetPrompt)).toList();
    }

    private JsonObject details(JsonObject tuning, Start from, String eta) {
        JsonObject details = new JsonObject();
        details.addProperty("method", "edit imagic");
        details.addProperty("eta", eta);
        details.addProperty("start", from.key());
        details.add("tuning", tuning);
        return details;
    }

    /** The result of an edit. */
    private record Edited(MadePictures made, List<Double> etas, List<EditScore> scores, ImagicReport report) implements Report {
        @Override
        public JsonObject json() {
            JsonObject json = made.json();
            JsonArray perEta = new JsonArray();
            for (int i = 0; i < scores.size(); i++) {
                JsonObject score = scores.get(i).toJson();
                score.addProperty("eta", etas.get(i));
                perEta.add(score);
            }
            json.add("scores", perEta);
            json.add("report", report.toJson());
            return json;
        }

        @Override
        public void print(PrintStream out) {
            for (int i = 0; i < scores.size(); i++) {
                out.println("eta " + etas.get(i) + ": " + scores.get(i));
            }
            if (report.measured().size() == 3) {
                out.printf(Locale.ROOT, "loss on the picture: %.4f with the target's embedding, %.4f optimised, %.4f with the tuned network%n",
                        report.measured().get(0), report.measured().get(1), report.measured().get(2));
            }
            made.print(out);
        }
    }
}
