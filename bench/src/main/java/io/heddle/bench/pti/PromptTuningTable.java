package io.heddle.bench.pti;

import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Tuning;
import io.heddle.editing.pti.EditEvaluation.Score;
import io.heddle.editing.pti.PromptTuningEditor;
import io.heddle.tensor.Device;
import io.heddle.weights.ModelLocation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Judges prompt tuning inversion on {@link ColourSwaps} and prints a row for each η. Arguments: a model of the toy world, a folder for pictures and
 * verdicts, and optionally the number of edits (16), of steps (50), and the values of η with commas between (0,0.6,0.8,1). Interrupted, it goes on where it
 * was; other arguments need another folder.
 */
public final class PromptTuningTable {
    private static final double GUIDANCE = 7.5;

    private PromptTuningTable() {}

    /** Prints the table. */
    public static void main(String[] arguments) {
        if (arguments.length < 2) {
            System.err.println("usage: PromptTuningTable MODEL FOLDER [ITEMS] [STEPS] [ETA,...]");
            System.exit(2);
        }
        Path folder = Path.of(arguments[1]);
        int items = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 16;
        int steps = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 50;
        List<String> etas = Arrays.asList((arguments.length > 4 ? arguments[4] : "0,0.6,0.8,1").split(","));
        ColourSwaps swaps = new ColourSwaps(folder.resolve("world"));
        swaps.write(items);
        try (Device device = Device.open("cpu", Integer.getInteger("heddle.bench.threads", 0));
                StableDiffusion model = StableDiffusion.load(ModelLocation.resolve(arguments[0], Optional.empty()), device)) {
            System.out.println("| eta | edits | accuracy | 1 - SSIM | CSFID | SFID |\n|---|---|---|---|---|---|");
            for (String eta : etas) {
                PromptTuningEditor editor = new PromptTuningEditor(model, "%s", steps, GUIDANCE, Tuning.PROMPT_TUNING, Double.parseDouble(eta));
                Score score = swaps.evaluation().run(swaps.queries(), editor, editor.recipe() + ", the oracle", folder.resolve("eta-" + eta));
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %.2f | %.3f | %.3f | %.3f |%n",
                        eta,
                        score.items(),
                        score.accuracy(),
                        score.distance(),
                        score.csfid(),
                        score.sfid());
            }
        }
    }
}
