package io.heddle.editing.p2p;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.attention.Step.Purpose;
import java.util.stream.Stream;

/** In which calls of a run an edit's settings let attention be injected. */
record Reach(EditedRun run, EditSettings settings) {
    /** Whether cross-attention is injected in a call, for any word. */
    boolean injectsCross(AttentionCall call) {
        Timeline timeline = run.crossTimeline(settings.reference());
        return call.step().purpose() == Purpose.SAMPLE
                && call.site().isCross()
                && Stream.concat(Stream.of(settings.crossReplace()), settings.crossReplaceByWord().values().stream())
                        .anyMatch(window -> timeline.covers(window, call.step().index()));
    }

    /** Whether self-attention is injected in a call. */
    boolean injectsSelf(AttentionCall call) {
        return call.step().purpose() == Purpose.SAMPLE
                && !call.site().isCross()
                && call.site().stage() != Stage.TEXT
                && call.queries() <= settings.selfReplaceMaxTokens()
                && run.selfTimeline(settings.reference()).covers(settings.selfReplace(), call.step().index());
    }
}
