package io.heddle.editing.p2p;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a Prompt-to-Prompt edit does to the attention of its targets.
 *
 * @param kind how cross-attention maps are edited; empty: what {@link EditKind#between} finds for each target
 * @param crossReplace when cross-attention is injected
 * @param crossReplaceByWord other windows for words of the targets, later ones over earlier ones
 * @param selfReplace when self-attention is injected
 * @param selfReplaceMaxTokens the largest number of queries of a self-attention layer that is injected
 * @param equalizer factors of the attention of words of the targets, while it is injected; later ones over earlier ones
 * @param blend where pictures may change; empty: everywhere
 * @param reference whether the published code's quirks are kept; {@link PromptToPrompt} lists them
 */
public record EditSettings(
        Optional<EditKind> kind,
        StepWindow crossReplace,
        Map<String, StepWindow> crossReplaceByWord,
        StepWindow selfReplace,
        int selfReplaceMaxTokens,
        Map<String, Double> equalizer,
        Optional<LocalBlend> blend,
        boolean reference) {
    /** 0.8 of the run for cross-attention, 0.4 for self-attention up to 32 by 32, as in the published code for real pictures. */
    public static final EditSettings DEFAULTS = new EditSettings(
            Optional.empty(), StepWindow.until(0.8), Map.of(), StepWindow.until(0.4), 32 * 32, Map.of(), Optional.empty(), false);

    /** Copies the maps, in their order. */
    public EditSettings {
        crossReplaceByWord = Collections.unmodifiableMap(new LinkedHashMap<>(crossReplaceByWord));
        equalizer = Collections.unmodifiableMap(new LinkedHashMap<>(equalizer));
    }

    /** These settings with a kind of edit for all targets. */
    public EditSettings withKind(EditKind changed) {
        return new EditSettings(
                Optional.of(changed), crossReplace, crossReplaceByWord, selfReplace, selfReplaceMaxTokens, equalizer, blend, reference);
    }

    /** These settings with another window for cross-attention. */
    public EditSettings withCrossReplace(StepWindow changed) {
        return new EditSettings(kind, changed, crossReplaceByWord, selfReplace, selfReplaceMaxTokens, equalizer, blend, reference);
    }

    /** These settings with windows for words of the targets. */
    public EditSettings withCrossReplaceByWord(Map<String, StepWindow> changed) {
        return new EditSettings(kind, crossReplace, changed, selfReplace, selfReplaceMaxTokens, equalizer, blend, reference);
    }

    /** These settings with another window for self-attention. */
    public EditSettings withSelfReplace(StepWindow changed) {
        return new EditSettings(kind, crossReplace, crossReplaceByWord, changed, selfReplaceMaxTokens, equalizer, blend, reference);
    }

    /** These settings with another limit for self-attention. */
    public EditSettings withSelfReplaceMaxTokens(int changed) {
        return new EditSettings(kind, crossReplace, crossReplaceByWord, selfReplace, changed, equalizer, blend, reference);
    }

    /** These settings with factors for words. */
    public EditSettings withEqualizer(Map<String, Double> changed) {
        return new EditSettings(kind, crossReplace, crossReplaceByWord, selfReplace, selfReplaceMaxTokens, changed, blend, reference);
    }

    /** These settings with a blend. */
    public EditSettings withBlend(LocalBlend changed) {
        return new EditSettings(
                kind, crossReplace, crossReplaceByWord, selfReplace, selfReplaceMaxTokens, equalizer, Optional.of(changed), reference);
    }

    /** These settings with the published code's quirks. */
    public EditSettings asPublished() {
        return new EditSettings(kind, crossReplace, crossReplaceByWord, selfReplace, selfReplaceMaxTokens, equalizer, blend, true);
    }
}
