package io.heddle.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.cli.demo.Cost;
import io.heddle.cli.demo.Demo;
import io.heddle.cli.demo.DemoSettings;
import io.heddle.cli.demo.Fact;
import io.heddle.cli.demo.Outcome;
import io.heddle.cli.demo.Prompts;
import io.heddle.cli.demo.Verdict;
import io.heddle.editing.StableDiffusion;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.tensor.Device;
import io.heddle.weights.ModelLocation;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what works. */
@Command(name = "demo", description = "Make a picture, look where its words look, and edit it: pictures and one page in a folder.")
final class DemoCommand extends Subcommand {
    private static final double NANOS = 1e9;

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Option(names = {"-o", "--output"}, paramLabel = "DIR", defaultValue = "heddle-demo",
            description = "Folder of the pictures and of index.html (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--overwrite", description = "Replace what an earlier demo left in the folder.")
    private boolean overwrite;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "20",
            description = "Sampling steps of each run, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = {"--guidance-scale", "--cfg-scale"}, paramLabel = "G", defaultValue = "5",
            description = "Weight of the prompts (default: ${DEFAULT-VALUE}).")
    private double guidanceScale;

    @Option(names = {"-s", "--seed"}, paramLabel = "N", defaultValue = "0",
            description = "Seed of the noise that all pictures start from (default: ${DEFAULT-VALUE}).")
    private long seed;

    @ArgGroup(exclusive = false, heading = "Other prompts, all three together:%n")
    private @Nullable PromptOptions prompts;

    private static final class PromptOptions {
        @Option(names = "--source-prompt", required = true, paramLabel = "TEXT", description = "The picture to edit.")
        private String source;

        @Option(names = "--target-prompt", required = true, paramLabel = "TEXT", description = "The same with a word exchanged.")
        private String swapped;

        @Option(names = "--refined-prompt", required = true, paramLabel = "TEXT",
                description = "The same with a word added, which is then made stronger and weaker.")
        private String refined;
    }

    @Override
    void execute() {
        Prompts shown = prompts == null ? Prompts.STANDARD : new Prompts(prompts.source, prompts.swapped, prompts.refined);
        DemoSettings settings = new DemoSettings(shown, model.name(), given("--variant", "--device"), seed, steps, guidanceScale);
        check(settings);
        long start = System.nanoTime();
        ModelLocation location = model.locate();
        try (Device opened = device.open();
                StableDiffusion loaded = StableDiffusion.load(location, opened)) {
            new OutputFolder(folder).prepare();
            Outcome outcome = Demo.run(loaded, location, settings, folder, overwrite ? Existing.REPLACE : Existing.REFUSE,
                    line -> tell(String.format(Locale.ROOT, "%5.1f s  %s", (System.nanoTime() - start) / NANOS, line)));
            show(new Shown(outcome, (System.nanoTime() - start) / NANOS));
            if (!outcome.good()) {
                throw new CheckFailed("not everything that the demo checks is as it should be: see " + outcome.page());
            }
        }
    }

    private void check(DemoSettings settings) {
        if (steps < 1 || steps > 1000) {
            throw new UserError("--steps is " + steps + ": expected 1 to 1000");
        }
        if (!Double.isFinite(guidanceScale)) {
            throw new UserError("--guidance-scale is " + guidanceScale + ": expected a finite number");
        }
        if (settings.showsToyWorld() && guidanceScale <= 1) {
            throw new UserError("--guidance-scale is " + guidanceScale + ": the demo tunes a prompt against guidance, which must be above 1");
        }
        if (device.isFast()) {
            throw new UserError("--dtype fp16 is not for the demo, which follows gradients and checks bits: leave it out");
        }
        new OutputFolder(folder).check(overwrite);
    }

    private record Shown(Outcome outcome, double seconds) implements Report {
        @Override
        public JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty("page", outcome.page().toString());
            JsonArray pictures = new JsonArray();
            outcome.pictures().forEach(picture -> pictures.add(picture.toString()));
            json.add("pictures", pictures);
            JsonArray runs = new JsonArray();
            for (Cost cost : outcome.costs()) {
                JsonObject run = new JsonObject();
                run.addProperty("what", cost.what());
                run.addProperty("evaluations", cost.evaluations());
                run.addProperty("seconds", cost.seconds());
                runs.add(run);
            }
            json.add("runs", runs);
            JsonArray facts = new JsonArray();
            for (Fact fact : outcome.facts()) {
                JsonObject entry = new JsonObject();
                entry.addProperty("claim", fact.claim());
                entry.addProperty("holds", fact.holds());
                facts.add(entry);
            }
            json.add("facts", facts);
            JsonArray verdicts = new JsonArray();
            for (Verdict verdict : outcome.verdicts()) {
                JsonObject entry = new JsonObject();
                entry.addProperty("picture", verdict.picture());
                entry.addProperty("asked", verdict.asked());
                entry.addProperty("read", verdict.read());
                entry.addProperty("agrees", verdict.agrees());
                verdicts.add(entry);
            }
            json.add("verdicts", verdicts);
            json.addProperty("seconds", seconds);
            return json;
        }

        @Override
        public void print(PrintStream out) {
            out.println("run                                     evaluations  seconds");
            for (Cost cost : outcome.costs()) {
                out.printf(Locale.ROOT, "%-40s %10d %8.1f%n", cost.what(), cost.evaluations(), cost.seconds());
            }
            outcome.facts().forEach(fact -> out.println((fact.holds() ? " ok  " : " --  ") + fact.claim()));
            if (!outcome.verdicts().isEmpty()) {
                out.println("what the toy world's oracle was asked for:");
                for (Verdict verdict : outcome.verdicts()) {
                    out.printf(Locale.ROOT, " %s %-32s %s%s%n", verdict.agrees() ? "ok " : "-- ", verdict.picture() + ":", verdict.asked(),
                            verdict.agrees() ? "" : "; read " + verdict.read());
                }
            }
            out.printf(Locale.ROOT, "%d pictures and %s in %.1f s%n", outcome.pictures().size(), outcome.page(), seconds);
        }
    }
}
