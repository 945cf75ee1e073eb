package io.heddle.editing.p2p;

import io.heddle.attention.AttentionCall;
import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Injection;
import io.heddle.attention.Row;
import io.heddle.editing.Conditioning;
import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.LatentBlend;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prompt-to-Prompt: while the targets of an edit are sampled beside their source, from the same noise, the source's attention is injected into theirs.
 * Cross-attention says where each word goes, so words can be exchanged, added and weighted in a picture that stays; self-attention holds its shape.
 * Hertz et al. 2022; the numbers are those of its code for real pictures (Mokady et al. 2023).
 *
 * <p>Only conditional rows are edited, and the source never is. An edit holds the attention that it has summed, so it serves one run.
 *
 * <p>With {@link EditSettings#reference()} the published code's behaviour is kept. Otherwise it is corrected, in these points and no others:
 *
 * <ul>
 *   <li><b>Words</b> are found by the characters that their tokens stand for, whatever their case and punctuation. Published: by counting the characters
 *       of decoded tokens, which double spaces derail; to the letter.
 *   <li><b>Unknown words</b> in windows, equalizer and blend are refused. Published: ignored.
 *   <li><b>Replacing</b> behind the last replaced word: tokens take the attention of their counterparts. Published: of the source's token at the same
 *       position, a wrong one where the numbers of tokens differ.
 *   <li><b>Replacing</b> in prompts of different numbers of words aligns the words they have in common; added words keep their own attention. Published:
 *       refused.
 *   <li><b>Padding</b> of a shorter target keeps its own attention where the source has text. Published: refining takes the text's attention, replacing
 *       none at the end.
 *   <li><b>Windows</b> are shares of the network calls, rounded to the nearest call. Published: cross-attention counts one step more than there are,
 *       self-attention and blend count steps, and all truncate.
 *   <li><b>The equalizer</b> finds its words in each target. Published: in the first, and applies them to all by position.
 *   <li><b>Re-weighting</b> alone refuses targets whose prompt is another. Published: weights the source's map by position.
 *   <li><b>The blend</b> reads each prompt's own attention, as the paper has it, so that weights do not move the mask. Published: the edited one.
 *   <li><b>The blend</b> works at the grid nearest to 256 cells. Published: at 16 by 16 only.
 * </ul>
 */
public final class PromptToPrompt implements AutoCloseable {
    private final EditedRun run;
    private final EditSettings settings;
    private final Source source;
    private final List<Prompt> prompts;
    private final List<CrossEdit> edits;
    private final Reach reach;
    private final @Nullable WordBlend blend;

    private PromptToPrompt(EditedRun run, List<String> texts, EditSettings settings, Source source) {
        if (texts.size() < 2) {
            throw new IllegalArgumentException("an edit needs a source prompt and at least one target prompt, but got " + texts.size() + " in all");
        }
        boolean reference = settings.reference();
        this.run = run;
        this.settings = settings;
        this.source = source;
        prompts = texts.stream().map(text -> Prompt.of(text, run.tokenizer(), reference)).toList();
        reach = new Reach(run, settings);
        edits = new CrossEdits(run, prompts, settings).build();
        blend = settings.blend().map(this::wordBlend).orElse(null);
    }

    /**
     * An edit whose source is sampled beside its targets.
     *
     * @param prompts the source, then the targets
     * @throws IllegalArgumentException if prompts and settings do not fit each other
     */
    public static PromptToPrompt of(EditedRun run, List<String> prompts, EditSettings settings) {
        return new PromptToPrompt(run, prompts, settings, Source.IN_BATCH);
    }

    /**
     * An edit of a source that was run before; only its targets are sampled.
     *
     * @throws IllegalArgumentException if prompts and settings do not fit each other, or the edit needs attention that was not recorded
     */
    public static PromptToPrompt after(SourceRun source, List<String> targets, EditSettings settings) {
        source.requireReach(new Reach(source.run(), settings));
        List<String> prompts = new ArrayList<>(List.of(source.prompt()));
        prompts.addAll(targets);
        return new PromptToPrompt(source.run(), prompts, settings, source.source());
    }

    /**
     * The recipe of the edit.
     *
     * @param conditioning of all prompts, the source too
     */
    public EditRecipe recipe(Conditioning conditioning, Guidance guidance) {
        List<Integer> sampled = IntStream.range(source.firstSampled(), prompts.size()).boxed().toList();
        return new EditRecipe(new SomePrompts(conditioning, sampled), taps(), guidance, blend == null ? LatentBlend.NONE : blend);
    }

    /** The injections into attention, and what the blend reads. */
    public AttentionTaps taps() {
        AttentionTaps taps = AttentionTaps.none()
                .inject(reach::injectsCross, this::crossInjections)
                .inject(reach::injectsSelf, this::selfInjections);
        return blend == null ? taps : taps.and(blend.taps());
    }

    /**
     * A blend that lets pictures change only where the user says.
     *
     * @param mask {@code [1, height, width, 1]} of any size; 1 where the picture may change, 0 where it may not
     */
    public LatentBlend blendByMask(Tensor mask) {
        return new MaskBlend(mask, source);
    }

    /** A reader of the average maps of this edit's words. */
    public AverageMaps averageMaps() {
        int longest = prompts.stream().mapToInt(Prompt::length).max().orElseThrow();
        return new AverageMaps(new MapSum(run.device(), run::atObjectGrid, source, List.of()), run.objectGrid(), longest);
    }

    private List<@Nullable Injection> crossInjections(AttentionCall call) {
        Injection.Source attention = source.attention(call);
        return perRow(call, target -> edits.get(target - 1).injection(call.step().index(), attention));
    }

    private List<@Nullable Injection> selfInjections(AttentionCall call) {
        Injection injection = Injection.replaceBy(source.attention(call));
        return perRow(call, _ -> injection);
    }

    @FunctionalInterface
    private interface InjectionOfTarget {
        @Nullable Injection of(int prompt);
    }

    private static List<@Nullable Injection> perRow(AttentionCall call, InjectionOfTarget injections) {
        List<@Nullable Injection> perRow = new ArrayList<>();
        for (Row row : call.rows()) {
            perRow.add(row.isConditional() && row.prompt() != Source.ROW.prompt() ? injections.of(row.prompt()) : null);
        }
        return perRow;
    }

    private WordBlend wordBlend(LocalBlend wanted) {
        Extent grid = run.objectGrid();
        if (settings.reference() && !grid.equals(LocalBlend.PUBLISHED_GRID)) {
            throw new IllegalArgumentException(
                    "the published blend reads maps of 16 by 16, but the nearest here are " + grid.height() + " by " + grid.width()
                            + ": choose another picture size or leave the reference mode");
        }
        return new WordBlend(wanted, run, prompts, settings.reference(), run.selfTimeline(settings.reference()).callAt(wanted.start()), source);
    }

    /** The blend of words, if there is one. */
    @Nullable WordBlend blend() {
        return blend;
    }

    /** Gives the edit's tensors back. */
    @Override
    public void close() {
        edits.forEach(CrossEdit::close);
        if (blend != null) {
            blend.close();
        }
    }
}
