package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.dragon.Correction;
import io.heddle.editing.dragon.DiffEditor;
import io.heddle.editing.dragon.DragonSettings;
import io.heddle.editing.dragon.Edit;
import io.heddle.editing.dragon.Precision;
import io.heddle.editing.dragon.Weights;
import io.heddle.unet.UNet;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the energies of dragging are followed. */
final class DragonOptions {
    @Option(names = "--edit-weight", paramLabel = "W", description = "Weight of what is edited (default: 4; appearance 3.5).")
    private @Nullable Double edit;

    @Option(names = "--content-weight", paramLabel = "W", description = "Weight of leaving the rest alone (default: 6; appearance 5).")
    private @Nullable Double content;

    @Option(names = "--contrast-weight", paramLabel = "W",
            description = "Weight of vacated places not looking as they did (default: 0.2 for move, resize and drag).")
    private @Nullable Double contrast;

    @Option(names = "--inpaint-weight", paramLabel = "W",
            description = "Weight of vacated places looking as their surroundings do (default: 0.8 for move and resize).")
    private @Nullable Double inpaint;

    @Option(names = "--energy-scale", paramLabel = "S",
            description = "How much energies are followed, in the unit of the published demo (default: 0.5 for move and resize, 2 for drag and"
                    + " appearance, 1.5 for paste; models of latents below 64x64 take 12 times that, to paste 4 times).")
    private @Nullable Double energyScale;

    @Option(names = "--guided-until", paramLabel = "N",
            description = "Energies are followed until this fiftieth of the run (default: 30; to move and resize on models of latents below 64x64, 40).")
    private @Nullable Integer guidedUntil;

    @Option(names = "--correction", paramLabel = "WHERE", defaultValue = "clean",
            description = "Where energies enter a step: clean, the predicted picture alone, as the published code has it, or noise, all of the step,"
                    + " as the paper has it and about ten times weaker (default: ${DEFAULT-VALUE}).")
    private String correction;

    @Option(names = "--sde", description = "New noise in the edited region early in the run, as DiffEditor has it.")
    private boolean sde;

    @Option(names = "--sde-eta", paramLabel = "ETA", defaultValue = "0.4",
            description = "How much new noise --sde gives, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double sdeEta;

    @Option(names = "--time-travel", description = "Repeat late guided steps with a step back between, as DiffEditor has it.")
    private boolean timeTravel;

    @Option(names = "--bank-dtype", paramLabel = "TYPE", defaultValue = "fp32",
            description = "How the picture's keys and values are kept: fp32, or fp16 in half the memory, each off by at most a 2048th of itself"
                    + " (default: ${DEFAULT-VALUE}).")
    private String bankType;

    @Option(names = "--reference", description = "Keep the quirks of the published code.")
    private boolean reference;

    /** Whether noise is drawn during the run. */
    boolean drawsNoise() {
        return sde;
    }

    /** Refuses what would change nothing. */
    void check(Subcommand command) {
        if (!sde) {
            command.refuse("without --sde", "--sde-eta");
        }
    }

    /** The settings of an edit. */
    DragonSettings settings(UNet unet, Edit kind, SamplingOptions sampling, boolean lowMemory) {
        DragonSettings standard = reference ? DragonSettings.of(kind) : DragonSettings.standard(unet, kind);
        Weights w = standard.weights();
        Weights weights = new Weights(or(edit, w.edit()), or(content, w.content()), or(contrast, w.contrast()), or(inpaint, w.inpaint()));
        DiffEditor published = DiffEditor.PUBLISHED;
        DiffEditor additions = sde || timeTravel
                ? new DiffEditor(sde ? sdeEta : 0, published.etaOutside(), timeTravel ? published.passes() : 1,
                        sde ? sampling.seed() : published.seed())
                : null;
        DragonSettings settings = standard
                .withGuidance(sampling.guidanceScale)
                .withEnergyScale(or(energyScale, standard.energyScale()))
                .withWeights(weights)
                .withGuidedUntil(guidedUntil == null ? standard.guidedUntil() : guidedUntil)
                .withCorrection(named("--correction", correction, Correction.values()))
                .withDiffEditor(additions)
                .withPrecision(precision())
                .inLowMemory(lowMemory);
        return reference ? settings.asPublished() : settings;
    }

    private Precision precision() {
        return switch (bankType) {
            case "fp32" -> Precision.FLOAT32;
            case "fp16" -> Precision.FLOAT16;
            default -> throw new UserError("--bank-dtype is " + bankType + ": expected fp32 or fp16");
        };
    }

    private static <E extends Enum<E>> E named(String option, String name, E[] values) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UserError(option + " is " + name + ": expected one of " + Arrays.toString(values).toLowerCase(Locale.ROOT)));
    }

    private static double or(@Nullable Double given, double standard) {
        return given == null ? standard : given;
    }

    /** The settings for recipes. */
    static JsonObject json(DragonSettings settings) {
        JsonObject json = new JsonObject();
        json.addProperty("energyScale", settings.energyScale());
        json.addProperty("editWeight", settings.weights().edit());
        json.addProperty("contentWeight", settings.weights().content());
        json.addProperty("contrastWeight", settings.weights().contrast());
        json.addProperty("inpaintWeight", settings.weights().inpaint());
        json.addProperty("guidedUntil", settings.guidedUntil());
        json.addProperty("correction", settings.correction().name().toLowerCase(Locale.ROOT));
        if (settings.diffEditor() != null) {
            json.addProperty("sdeEta", settings.diffEditor().etaInside());
            json.addProperty("passes", settings.diffEditor().passes());
        }
        json.addProperty("bankDtype", settings.precision() == Precision.FLOAT32 ? "fp32" : "fp16");
        json.addProperty("reference", settings.reference());
        return json;
    }
}
