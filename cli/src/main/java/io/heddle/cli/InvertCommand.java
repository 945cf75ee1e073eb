package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.InversionFile;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.NullTextInversion;
import io.heddle.editing.inversion.SourceText;
import io.heddle.editing.inversion.Tuning;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.tensor.Device;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a real picture editable. */
@Command(name = "invert",
        description = "Find the noise, and the text for each step, from which sampling leads back to a picture. An interrupted run goes on where it was.")
final class InvertCommand extends Subcommand {
    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final InversionOptions options = new InversionOptions();

    @Option(names = {"-p", "--prompt"}, paramLabel = "TEXT", required = true,
            description = "What the picture shows; for prompt-tuning, what the edited one will show.")
    private String prompt;

    @Option(names = {"--steps", "--num-inference-steps"}, paramLabel = "N", defaultValue = "50",
            description = "Sampling steps of the edits, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = {"--guidance-scale", "--cfg-scale"}, paramLabel = "G", defaultValue = "7.5",
            description = "Guidance of the edits (default: ${DEFAULT-VALUE}).")
    private double guidanceScale;

    @Option(names = {"-W", "--width"}, paramLabel = "PIXELS", description = "Width to scale the picture to (default: its proportions decide).")
    private @Nullable Integer width;

    @Option(names = {"-H", "--height"}, paramLabel = "PIXELS", description = "Height to scale the picture to (default: its proportions decide).")
    private @Nullable Integer height;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", defaultValue = "inversion.safetensors",
            description = "File of the result (default: ${DEFAULT-VALUE}).")
    private Path output;

    @Option(names = "--overwrite", description = "Replace an existing file of another inversion.")
    private boolean overwrite;

    @Override
    void execute() {
        if (!options.picture.given()) {
            throw new UserError("the picture is missing: name it with --image");
        }
        InversionMethod method = options.method(new NullTextInversion(Tuning.NULL_TEXT));
        InversionFile file = new InversionFile(output);
        try (Device opened = device.open();
                StableDiffusion loaded = StableDiffusion.load(model.locate(), opened);
                SourceText text = SourceText.of(loaded, prompt)) {
            long start = System.nanoTime();
            Inverter inverter = Inverter.of(loaded, steps, guidanceScale, options.lowMemory);
            Inverting inverting = new Inverting(this, loaded, inverter, options, options.picture.read(loaded, width, height), text, method);
            try (Inversion inversion = inverting.run(file, overwrite ? Existing.REPLACE : Existing.REFUSE)) {
                show(new Inverted(output, inversion.recipe(), file.report(), (System.nanoTime() - start) / 1e9));
            }
        }
    }

    /** The result of an inversion. */
    private record Inverted(Path file, JsonObject recipe, JsonObject report, double seconds) implements Report {
        @Override
        public JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty("file", file.toString());
            json.add("recipe", recipe);
            json.add("report", report);
            json.addProperty("seconds", seconds);
            return json;
        }

        @Override
        public void print(PrintStream out) {
            out.println(file + ": " + recipe.get("method").getAsString() + " inversion in " + recipe.get("steps").getAsInt() + " steps");
            print(out, "reconstruction", "reconstruction");
            print(out, "autoencoder alone", "autoencoder");
            out.println(
                    "network evaluations: " + report.get("forward").getAsLong() + " forward, " + report.get("backward").getAsLong() + " backward");
            if (report.get("backward").getAsLong() > 0) {
                out.println("losses " + (report.get("lossesWentDown").getAsBoolean() ? "went down in every step" : "rose in some steps"));
            }
            out.printf(Locale.ROOT, "%.1f s%n", seconds);
        }

        private void print(PrintStream out, String what, String key) {
            JsonObject fidelity = report.getAsJsonObject(key);
            String psnr = fidelity.has("psnr") ? String.format(Locale.ROOT, "%.2f dB", fidelity.get("psnr").getAsDouble()) : "exact";
            out.printf(Locale.ROOT, "%-18s PSNR %s, SSIM %.4f, MSE %.3g%n", what, psnr, fidelity.get("ssim").getAsDouble(),
                    fidelity.get("mse").getAsDouble());
        }
    }
}
