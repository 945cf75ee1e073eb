package io.heddle.editing.p2p;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionSite;
import io.heddle.attention.AttentionTap.ProjectionRead;
import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Injection;
import io.heddle.attention.Step;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A source picture's run, recorded so that any number of edits can follow without running it again: an edit then takes two network evaluations for each
 * step and target, and gives the same bits. The source never depends on its targets.
 *
 * <p>Recorded are the latents after each step and, where an edit may reach, the queries and keys of attention. Run {@link #recipe} once, from the start
 * and on the schedule that the edits will have; then build edits with {@link PromptToPrompt#after}.
 */
public final class SourceRun implements AutoCloseable {
    private static final int LATENT_CHANNELS = 4;

    private final EditedRun run;
    private final String prompt;
    private final Reach reach;
    private final TensorStore store;
    private final Map<Place, Supplier<Tensor>> queries = new HashMap<>();
    private final Map<Place, Supplier<Tensor>> keys = new HashMap<>();
    private final Map<String, TextKey> textKeys = new HashMap<>();
    private final List<Supplier<Tensor>> trajectory = new ArrayList<>();

    private record Place(int call, String path) {}

    /** The keys that a layer last made of the source's text. */
    private record TextKey(TextEmbedding text, Supplier<Tensor> key) {}

    /**
     * A run that is not recorded yet.
     *
     * @param prompt the source's prompt
     * @param reach settings that inject whatever later edits will: their windows and largest self-attention
     * @param store where queries, keys and latents are kept; closed with this object
     */
    public SourceRun(EditedRun run, String prompt, EditSettings reach, TensorStore store) {
        this.run = run;
        this.prompt = prompt;
        this.reach = new Reach(run, reach);
        this.store = store;
    }

    /**
     * The recipe that samples the source as it would be without edits, and records it.
     *
     * @param conditioning of the source; of further prompts it is left alone
     */
    public EditRecipe recipe(Conditioning conditioning, Guidance guidance) {
        ProjectionRead recorder = (call, projections) -> {
            int row = call.rows().indexOf(Source.ROW);
            Place place = new Place(call.step().index(), call.site().path());
            queries.put(place, store.keep(projections.query(row)));
            keys.put(place, call.site().isCross()
                    ? textKey(call, conditioning, projections.key(row))
                    : store.keep(projections.key(row)));
        };
        AttentionTaps taps = AttentionTaps.none().readProjections(this::records, recorder);
        return new EditRecipe(new SomePrompts(conditioning, List.of(Source.ROW.prompt())), taps, guidance, this::recordLatents);
    }

    /** The keys of the text, stored again only if the text has changed since the last step. */
    private Supplier<Tensor> textKey(AttentionCall call, Conditioning conditioning, Tensor key) {
        TextEmbedding text = conditioning.conditional(call.step(), Source.ROW.prompt());
        TextKey known = textKeys.get(call.site().path());
        if (known == null || known.text != text) {
            known = new TextKey(text, store.keep(key));
            textKeys.put(call.site().path(), known);
        }
        return known.key;
    }

    private Tensor recordLatents(Step step, Tensor latents) {
        if (step.index() != trajectory.size()) {
            throw new IllegalStateException("a source is recorded once, from its first step on: expected step " + trajectory.size() + ", got "
                    + step.index());
        }
        trajectory.add(store.keep(latents));
        return latents;
    }

    private boolean records(AttentionCall call) {
        return reach.injectsCross(call) || reach.injectsSelf(call) || run.atObjectGrid(call);
    }

    /**
     * The bytes that the recorded run takes, on disk or in memory, known before it runs; for text that is the same at every step. The memory of a device of
     * half precision holds queries and keys in half as many.
     */
    public long bytes() {
        long latents = (long) LATENT_CHANNELS * run.latent().cells() * run.calls();
        long image = run.attentionCalls()
                .filter(this::records)
                .mapToLong(call -> (call.site().isCross() ? 1 : 2) * (long) call.queries() * width(call.site()))
                .sum();
        long text = run.attentionCalls()
                .filter(call -> call.site().isCross() && records(call))
                .map(AttentionCall::site)
                .distinct()
                .mapToLong(site -> (long) run.tokens() * width(site))
                .sum();
        return Float.BYTES * (latents + image + text);
    }

    private static int width(AttentionSite site) {
        return site.heads() * site.headDim();
    }

    /**
     * The source's latents after a call, {@code [1, height, width, 4]}; the last one is the picture's.
     *
     * @throws IllegalStateException if the source was not run so far
     */
    public Tensor latents(int call) {
        if (call >= trajectory.size()) {
            throw new IllegalStateException("the source was run for " + trajectory.size() + " of " + run.calls() + " calls: run its recipe first");
        }
        return trajectory.get(call).get();
    }

    /** The run that was recorded. */
    EditedRun run() {
        return run;
    }

    /** The source's prompt. */
    String prompt() {
        return prompt;
    }

    /** Refuses edits that need attention which is not recorded. */
    void requireReach(Reach edit) {
        latents(run.calls() - 1);
        run.attentionCalls()
                .filter(call -> (edit.injectsCross(call) || edit.injectsSelf(call)) && !records(call))
                .findFirst()
                .ifPresent(call -> {
                    throw new IllegalArgumentException("the edit needs the source's attention at " + call.site().path() + " in call "
                            + call.step().index() + ", which was not recorded: record the source with wider windows, or narrow the edit's");
                });
    }

    /** This run as the source of an edit. */
    Source source() {
        return new Source() {
            @Override
            public int firstSampled() {
                return ROW.prompt() + 1;
            }

            @Override
            public Injection.Source attention(AttentionCall call) {
                Place place = new Place(call.step().index(), call.site().path());
                return new Injection.Recorded(queries.get(place).get(), keys.get(place).get());
            }

            @Override
            public Tensor latents(Step step, Tensor batch) {
                return SourceRun.this.latents(step.index());
            }
        };
    }

    /** Gives everything recorded back. */
    @Override
    public void close() {
        store.close();
    }
}
