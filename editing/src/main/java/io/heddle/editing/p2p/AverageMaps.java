package io.heddle.editing.p2p;

import io.heddle.attention.AttentionTaps;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;

/**
 * Where the words of each prompt are: cross-attention maps after the edit, averaged over the encoder's and decoder's layers of the grid nearest to 256
 * cells, their heads, and the steps of one run.
 */
public final class AverageMaps implements AutoCloseable {
    private final MapSum sums;
    private final Extent grid;
    private final int tokens;

    AverageMaps(MapSum sums, Extent grid, int tokens) {
        this.sums = sums;
        this.grid = grid;
        this.tokens = tokens;
    }

    /** The taps to run the edit with. */
    public AttentionTaps taps() {
        return sums.readEdited();
    }

    /** The maps of a prompt {@code [tokens, height, width]}; tokens of the longest prompt, with begin and end. */
    public Tensor of(int prompt) {
        return sums.mean(prompt)
                .permute(1, 0)
                .rows(0, tokens)
                .reshape(tokens, grid.height(), grid.width());
    }

    /** Gives the sums back. */
    @Override
    public void close() {
        sums.close();
    }
}
