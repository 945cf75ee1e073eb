package io.heddle.editing.p2p;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Builds the edit of each target's cross-attention from the prompts and the settings. */
record CrossEdits(EditedRun run, List<Prompt> prompts, EditSettings settings) {
    /** One edit for each target. */
    List<CrossEdit> build() {
        if (!settings.reference()) {
            settings.crossReplaceByWord().keySet().forEach(word -> requireInATarget("a window of steps", word));
            settings.equalizer().keySet().forEach(word -> requireInATarget("the equalizer", word));
        }
        Timeline timeline = run.crossTimeline(settings.reference());
        List<CrossEdit> edits = new ArrayList<>();
        for (Prompt target : targets()) {
            edits.add(new CrossEdit(run.device(), alignment(target), weights(target), windows(target), timeline));
        }
        return edits;
    }

    private Prompt source() {
        return prompts.getFirst();
    }

    private List<Prompt> targets() {
        return prompts.subList(1, prompts.size());
    }

    /** Which of the source's tokens each of a target's takes its attention from. */
    TokenAlignment alignment(Prompt target) {
        int tokens = run.tokens();
        return switch (settings.kind().orElseGet(() -> EditKind.between(source().text(), target.text()))) {
            case REPLACE -> settings.reference()
                    ? WordSwap.alignAsPublished(source(), target, tokens)
                    : WordSwap.align(source(), target, tokens);
            case REFINE -> Refinement.align(source(), target, tokens, settings.reference());
            case REWEIGHT -> unchanged(target);
        };
    }

    private TokenAlignment unchanged(Prompt target) {
        if (!settings.reference() && !target.ids().equals(source().ids())) {
            throw new IllegalArgumentException("re-weighting keeps the prompt, but \"" + source().text() + "\" became \"" + target.text()
                    + "\": choose replace or refine, which take an equalizer, too");
        }
        return TokenAlignment.identity(run.tokens());
    }

    /** The factor of each token. The published code looks words up in the first target and applies them to all by position. */
    float[] weights(Prompt target) {
        float[] weights = new float[run.tokens()];
        Arrays.fill(weights, 1);
        Prompt lookedUp = settings.reference() ? targets().getFirst() : target;
        for (Map.Entry<String, Double> weight : settings.equalizer().entrySet()) {
            lookedUp.positions(weight.getKey()).forEach(token -> weights[token] = weight.getValue().floatValue());
        }
        return weights;
    }

    private List<StepWindow> windows(Prompt target) {
        List<StepWindow> windows = new ArrayList<>(Collections.nCopies(run.tokens(), settings.crossReplace()));
        for (Map.Entry<String, StepWindow> window : settings.crossReplaceByWord().entrySet()) {
            target.positions(window.getKey()).forEach(token -> windows.set(token, window.getValue()));
        }
        return windows;
    }

    private void requireInATarget(String user, String word) {
        if (targets().stream().allMatch(target -> target.positions(word).isEmpty())) {
            throw new IllegalArgumentException(user + " is given for the word \"" + word + "\", which no target has; targets: "
                    + String.join("; ", targets().stream().map(Prompt::text).toList()));
        }
    }
}
