package io.heddle.attention;

import io.heddle.attention.Row.Branch;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation of a network: which step, what the rows stand for, what text conditions them, and which taps are open.
 *
 * <p>Rows may share a latent: the unconditional and the conditional row of guidance do, and everything before the first cross-attention is then computed
 * once for both, with the same bits.
 */
public final class Pass {
    private final Step step;
    private final @Nullable TextConditioning text;
    private final List<Row> rows;
    private final int[] latentOf;
    private final AttentionTaps taps;
    private final @Nullable Recording checkpoints;
    private final @Nullable Prefix prefix;

    private Pass(Step step, @Nullable TextConditioning text, List<Row> rows, int[] latentOf, AttentionTaps taps, @Nullable Recording checkpoints,
            @Nullable Prefix prefix) {
        this.step = step;
        this.text = text;
        this.rows = rows;
        this.latentOf = latentOf;
        this.taps = taps;
        this.checkpoints = checkpoints;
        this.prefix = prefix;
    }

    /** An evaluation with a latent of its own for each row of the text, all rows conditional, no taps. */
    public static Pass of(Step step, TextConditioning text) {
        return new Pass(step, text, conditional(text.rows()), identity(text.rows()), AttentionTaps.none(), null, null);
    }

    /** An evaluation of the text encoder on a number of prompts, no taps. */
    public static Pass ofText(int prompts) {
        return new Pass(Step.at(0), null, conditional(prompts), identity(prompts), AttentionTaps.none(), null, null);
    }

    /** This evaluation with taps. */
    public Pass withTaps(AttentionTaps open) {
        return new Pass(step, text, rows, latentOf, open, checkpoints, prefix);
    }

    /** This evaluation with what the rows stand for. */
    public Pass withRows(List<Row> meaning) {
        if (meaning.size() != rows.size()) {
            throw new IllegalArgumentException("the text has " + rows.size() + " rows, but " + meaning.size() + " rows are described");
        }
        return new Pass(step, text, List.copyOf(meaning), latentOf, taps, checkpoints, prefix);
    }

    /** This evaluation with rows that share latents: row {@code i} starts from latent {@code index[i]}; every latent is used. */
    public Pass withLatents(int... index) {
        int latents = IntStream.of(index).max().orElse(-1) + 1;
        if (index.length != rows.size() || IntStream.of(index).distinct().count() != latents) {
            throw new IllegalArgumentException(
                    "expected one latent for each of " + rows.size() + " rows and no gap, found " + Arrays.toString(index));
        }
        return new Pass(step, text, rows, index.clone(), taps, checkpoints, prefix);
    }

    /** This evaluation with the text in other tensors. */
    Pass withText(TextConditioning other) {
        return new Pass(step, other, rows, latentOf, taps, checkpoints, prefix);
    }

    /** This evaluation with its blocks checkpointed in a recording: less memory, one more forward. */
    public Pass checkpointing(Recording recording) {
        return new Pass(step, text, rows, latentOf, taps, recording, prefix);
    }

    /** This evaluation sharing what comes before the text with others of the same latents and step. */
    public Pass sharing(Prefix shared) {
        return new Pass(step, text, rows, latentOf, taps, checkpoints, shared);
    }

    /** Which step runs. */
    public Step step() {
        return step;
    }

    /** What the rows stand for. */
    public List<Row> rows() {
        return rows;
    }

    /** The taps. */
    public AttentionTaps taps() {
        return taps;
    }

    /** What conditions the rows. */
    public TextConditioning text() {
        return Objects.requireNonNull(text, "this evaluation has no text");
    }

    /** For each row of the batch its latent. */
    List<Integer> latentOf() {
        return IntStream.of(latentOf).boxed().toList();
    }

    /** Whether all is computed here and now, nothing being taken from a shared prefix or checkpointed. */
    boolean isWhole() {
        return checkpoints == null && prefix == null;
    }

    /** The number of distinct latents. */
    public int latents() {
        return IntStream.of(latentOf).max().orElse(-1) + 1;
    }

    /** Repeats what is shared: one row for each latent becomes one row for each row of the batch. What has all rows stays. */
    public Tensor spread(Tensor shared) {
        return shared.dim(0) == rows.size() ? shared : shared.gatherRows(latentOf);
    }

    /** For each row of the batch the row of a tensor that may hold one row for each latent. */
    int[] rowsOf(Tensor tensor) {
        return tensor.dim(0) == rows.size() ? identity(rows.size()) : latentOf;
    }

    /**
     * Runs a layer that may come before the text, or takes its output from the shared prefix.
     *
     * @param layer the layer itself
     */
    public Tensor beforeText(Object layer, Supplier<Tensor> forward) {
        return prefix == null ? forward.get() : prefix.output(layer, forward);
    }

    /** Says that what follows depends on the text. */
    void reachText() {
        if (prefix != null) {
            prefix.end();
        }
    }

    /**
     * Runs a block of the network in a scope of its own, or checkpointed if asked. Either way the gradient of an input is summed inside the block before
     * it goes on, so that both have the same bits.
     */
    public Tensor block(List<Tensor> inputs, Function<List<Tensor>, Tensor> body) {
        return checkpoints == null
                ? inputs.getFirst().device().tidy(() -> body.apply(inputs.stream().map(Pass::separate).toList()))
                : checkpoints.checkpoint(inputs, body);
    }

    /** This evaluation with the text as an input of one block: its gradient, too, is summed inside the block before it goes on. */
    public Pass insideBlock() {
        return text == null || !text.isRecorded() ? this : withText(text.map(Pass::separate));
    }

    /** Another handle with a gradient of its own. */
    private static Tensor separate(Tensor tensor) {
        return tensor.isRecorded() ? tensor.reshape(tensor.shape().dims()) : tensor;
    }

    private static List<Row> conditional(int rows) {
        return IntStream.range(0, rows).mapToObj(i -> new Row(Branch.CONDITIONAL, i)).toList();
    }

    static int[] identity(int rows) {
        return IntStream.range(0, rows).toArray();
    }
}
