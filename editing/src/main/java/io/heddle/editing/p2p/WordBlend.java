package io.heddle.editing.p2p;

import io.heddle.attention.AttentionTaps;
import io.heddle.attention.Step;
import io.heddle.editing.LatentBlend;
import io.heddle.spi.Extent;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The local blend at work: sums the attention of its words step by step and keeps the source's latents where no word is. */
final class WordBlend implements LatentBlend, AutoCloseable {
    private static final int OPEN = 0;
    private static final int CLOSED = 1;
    private static final int COLUMNS = 2;

    private final LocalBlend settings;
    private final boolean edited;
    private final int firstCall;
    private final Extent grid;
    private final Source source;
    private final List<Tensor> columns;
    private final MapSum sums;

    /**
     * A blend that has seen nothing.
     *
     * @param edited whether it reads maps after the edit instead of each prompt's own
     * @param firstCall the first call after which latents are blended
     * @throws IllegalArgumentException if the words do not fit the prompts
     */
    WordBlend(LocalBlend settings, EditedRun run, List<Prompt> prompts, boolean edited, int firstCall, Source source) {
        this.settings = settings;
        this.edited = edited;
        this.firstCall = firstCall;
        this.source = source;
        grid = run.objectGrid();
        columns = columns(run, prompts);
        sums = new MapSum(run.device(), run::atObjectGrid, source, columns);
    }

    /** For each prompt ones at the tokens of its blend words and of its words to leave alone, {@code [tokens, 2]}. */
    private List<Tensor> columns(EditedRun run, List<Prompt> prompts) {
        float[][] chosen = new float[prompts.size()][COLUMNS * run.tokens()];
        mark("blend words", settings.words(), prompts, OPEN, chosen);
        if (!settings.substruct().isEmpty()) {
            mark("substruct words", settings.substruct(), prompts, CLOSED, chosen);
        }
        List<Tensor> tensors = new ArrayList<>();
        for (float[] elements : chosen) {
            tensors.add(run.device().tensor(Shape.of(run.tokens(), COLUMNS), elements).unscoped());
        }
        return tensors;
    }

    private static void mark(String what, List<List<String>> words, List<Prompt> prompts, int column, float[][] chosen) {
        if (words.size() != prompts.size()) {
            throw new IllegalArgumentException(
                    "the blend needs a list of " + what + " for each of " + prompts.size() + " prompts, the source first, but got " + words.size());
        }
        for (int i = 0; i < prompts.size(); i++) {
            for (String word : words.get(i)) {
                for (int token : prompts.get(i).required(word)) {
                    chosen[i][COLUMNS * token + column] = 1;
                }
            }
        }
    }

    /** The taps that the blend reads attention with. */
    AttentionTaps taps() {
        return edited ? sums.readEdited() : sums.readOwn();
    }

    /** The first call after which latents are blended. */
    int firstCall() {
        return firstCall;
    }

    @Override
    public Tensor blend(Step step, Tensor latents) {
        if (step.index() < firstCall) {
            return latents;
        }
        Extent size = new Extent(latents.dim(1), latents.dim(2));
        return MaskBlend.mix(source.latents(step, latents), latents, source.firstSampled(), prompt -> mask(prompt, size));
    }

    /** Where a prompt's picture may differ from the source's: ones and zeros {@code [1, height, width, 1]}. */
    Tensor mask(int prompt, Extent size) {
        Tensor mask = cells(prompt, OPEN);
        if (!settings.substruct().isEmpty()) {
            mask = mask.times(cells(prompt, CLOSED).negate().plus(1));
        }
        return mask.reshape(1, grid.height(), grid.width(), 1).resizeNearest(size);
    }

    /** The cells that belong to words of the source or of a prompt. */
    private Tensor cells(int prompt, int column) {
        return cellsOf(Source.ROW.prompt(), column).maximum(cellsOf(prompt, column));
    }

    /** The cells of a prompt's words. Without any word all attention is 0, and 0/0 compares false. */
    private Tensor cellsOf(int prompt, int column) {
        Tensor attention = sums.sum(prompt).slice(1, column, 1).reshape(grid.height(), grid.width());
        Tensor seen = column == OPEN ? largestNeighbour(attention) : attention;
        double threshold = column == OPEN ? settings.threshold() : settings.substructThreshold();
        return seen.dividedBy(seen.max(0, 1)).greater(seen.device().scalar((float) threshold));
    }

    /** Each cell's largest value among itself and its eight neighbours. */
    private static Tensor largestNeighbour(Tensor map) {
        return largestOfThreeRows(largestOfThreeRows(map).permute(1, 0)).permute(1, 0);
    }

    private static Tensor largestOfThreeRows(Tensor map) {
        int last = map.dim(0) - 1;
        Tensor above = map.gatherRows(IntStream.rangeClosed(0, last).map(row -> Math.max(row - 1, 0)).toArray());
        Tensor below = map.gatherRows(IntStream.rangeClosed(0, last).map(row -> Math.min(row + 1, last)).toArray());
        return map.maximum(above).maximum(below);
    }

    /** Gives the tensors back. */
    @Override
    public void close() {
        sums.close();
        columns.forEach(Tensor::close);
    }
}
