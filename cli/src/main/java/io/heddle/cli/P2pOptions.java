package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.p2p.EditKind;
import io.heddle.editing.p2p.EditSettings;
import io.heddle.editing.p2p.LocalBlend;
import io.heddle.editing.p2p.StepWindow;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What Prompt-to-Prompt does to attention. */
final class P2pOptions {
    private static final String DEFAULT = "default";

    @Option(names = {"--edit", "--type"}, paramLabel = "KIND",
            description = "replace, refine or reweight (default: replace if source and target have as many words and differ, reweight if they are equal, else refine).")
    private @Nullable EditKind kind;

    @Option(names = "--cross-replace-steps", paramLabel = "WINDOW", defaultValue = "0.8",
            description = "When the source's cross-attention is injected, as a share of the run or FROM-TO; with words, default=0.8,cat=0.4 (default: ${DEFAULT-VALUE}).")
    private String crossReplace;

    @Option(names = "--self-replace-steps", paramLabel = "WINDOW", defaultValue = "0.4",
            description = "When the source's self-attention is injected, as a share of the run or FROM-TO (default: ${DEFAULT-VALUE}).")
    private String selfReplace;

    @Option(names = "--self-replace-max-tokens", paramLabel = "N", defaultValue = "1024",
            description = "Largest self-attention grid that is injected, in cells (default: ${DEFAULT-VALUE}).")
    private int selfReplaceMaxTokens;

    @Option(names = "--equalizer", paramLabel = "WORD=FACTOR,...", description = "Weights of words of the target, for example night=2,moon=-1.")
    private @Nullable String equalizer;

    @Option(names = "--blend-words", paramLabel = "WORDS;...",
            description = "The picture may change only where these words are: one list for each prompt, words separated by blanks, for example \"cat;dog\".")
    private @Nullable String blendWords;

    @Option(names = "--substruct-words", paramLabel = "WORDS;...", description = "The picture may not change where these words are, likewise.")
    private @Nullable String substructWords;

    @Option(names = "--blend-threshold", paramLabel = "T[,T]", defaultValue = "0.3",
            description = "Share of the largest attention that counts as being there; the second one is for --substruct-words (default: ${DEFAULT-VALUE}).")
    private String blendThreshold;

    @Option(names = "--blend-start", paramLabel = "SHARE", defaultValue = "0.2",
            description = "From which share of the run on the picture is kept outside (default: ${DEFAULT-VALUE}).")
    private double blendStart;

    @Option(names = "--blend-version", paramLabel = "V", defaultValue = "v2",
            description = "v1 or v2: the blend of the first notebook or of the null-text notebook; v1 only with --reference (default: ${DEFAULT-VALUE}).")
    private String blendVersion;

    @Option(names = "--reference", description = "Keep the published code's quirks.")
    boolean reference;

    /**
     * The settings of the edit; refuses options that would change nothing.
     *
     * @param prompts the number of prompts, with the source
     */
    EditSettings settings(Subcommand command, int prompts) {
        Map<String, StepWindow> windows = new LinkedHashMap<>(windows());
        StepWindow everywhere = windows.containsKey(DEFAULT) ? windows.remove(DEFAULT) : StepWindow.ALWAYS;
        EditSettings settings = EditSettings.DEFAULTS
                .withCrossReplace(everywhere)
                .withCrossReplaceByWord(windows)
                .withSelfReplace(window("--self-replace-steps", selfReplace))
                .withSelfReplaceMaxTokens(selfReplaceMaxTokens)
                .withEqualizer(factors());
        if (kind != null) {
            settings = settings.withKind(kind);
        }
        if (!blendVersion.equals("v1") && !blendVersion.equals("v2")) {
            throw new UserError("--blend-version is " + blendVersion + ": expected v1 or v2");
        }
        if (blendVersion.equals("v1") && !reference) {
            throw new UserError("--blend-version v1 is the published code's first blend: add --reference");
        }
        if (blendVersion.equals("v1")) {
            command.refuse("with --blend-version v1", "--blend-start");
        }
        if (blendWords != null) {
            settings = settings.withBlend(blend(prompts));
        } else if (substructWords != null) {
            throw new UserError("--substruct-words takes parts out of what --blend-words selects: give --blend-words, too");
        } else {
            command.refuse("without --blend-words", "--blend-threshold", "--blend-start", "--blend-version");
        }
        return reference ? settings.asPublished() : settings;
    }

    /** The options as they were given, for the picture's recipe. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("edit", kind == null ? "auto" : kind.name().toLowerCase(Locale.ROOT));
        json.addProperty("crossReplaceSteps", crossReplace);
        json.addProperty("selfReplaceSteps", selfReplace);
        json.addProperty("selfReplaceMaxTokens", selfReplaceMaxTokens);
        json.addProperty("reference", reference);
        if (equalizer != null) {
            json.addProperty("equalizer", equalizer);
        }
        if (blendWords != null) {
            json.addProperty("blendWords", blendWords);
            json.addProperty("blendThreshold", blendThreshold);
            json.addProperty("blendVersion", blendVersion);
            if (!blendVersion.equals("v1")) {
                json.addProperty("blendStart", blendStart);
            }
        }
        if (substructWords != null) {
            json.addProperty("substructWords", substructWords);
        }
        return json;
    }

    private LocalBlend blend(int prompts) {
        double[] thresholds = Arrays.stream(blendThreshold.split(",")).mapToDouble(t -> number("--blend-threshold", t)).toArray();
        if (thresholds.length > 2) {
            throw new UserError("--blend-threshold is " + blendThreshold + ": expected one number or two");
        }
        List<List<String>> words = lists("--blend-words", blendWords, prompts);
        if (blendVersion.equals("v1")) {
            if (substructWords != null) {
                throw new UserError("--blend-version v1 knows no --substruct-words: leave one of them out");
            }
            return LocalBlend.firstVersion(words).withThresholds(thresholds[0], thresholds[0]);
        }
        LocalBlend blend = LocalBlend.of(words).withThresholds(thresholds[0], thresholds[thresholds.length - 1]).withStart(blendStart);
        return substructWords == null ? blend : blend.withSubstruct(lists("--substruct-words", substructWords, prompts));
    }

    private static List<List<String>> lists(String option, String text, int prompts) {
        List<List<String>> lists =
                Arrays.stream(text.split(";", -1)).map(list -> Arrays.stream(list.strip().split("\\s+")).filter(w -> !w.isEmpty()).toList()).toList();
        if (lists.size() != prompts) {
            throw new UserError(option + " has " + lists.size() + " lists: expected one for each of the " + prompts
                    + " prompts, separated by semicolons, the source's first");
        }
        return lists;
    }

    private Map<String, StepWindow> windows() {
        if (!crossReplace.contains("=")) {
            return Map.of(DEFAULT, window("--cross-replace-steps", crossReplace));
        }
        Map<String, StepWindow> windows = new LinkedHashMap<>();
        entries("--cross-replace-steps", crossReplace).forEach((word, value) -> windows.put(word, window("--cross-replace-steps", value)));
        return windows;
    }

    private Map<String, Double> factors() {
        Map<String, Double> factors = new LinkedHashMap<>();
        if (equalizer != null) {
            entries("--equalizer", equalizer).forEach((word, value) -> factors.put(word, number("--equalizer", value)));
        }
        return factors;
    }

    private static Map<String, String> entries(String option, String text) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (String entry : text.split(",")) {
            int equals = entry.lastIndexOf('=');
            if (equals < 1) {
                throw new UserError(option + " has '" + entry + "': expected WORD=NUMBER");
            }
            entries.put(entry.substring(0, equals).strip(), entry.substring(equals + 1).strip());
        }
        return entries;
    }

    private static StepWindow window(String option, String text) {
        try {
            return StepWindow.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UserError(option + ": " + e.getMessage());
        }
    }

    private static double number(String option, String text) {
        try {
            double number = Double.parseDouble(text.strip());
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below, as for numbers that are not finite
        }
        throw new UserError(option + " has '" + text + "': expected a number");
    }
}
