package io.heddle.attention;

import io.heddle.spi.Extent;
import java.util.List;

/**
 * One application of an attention layer: what a tap's predicate decides on.
 *
 * @param site where the layer sits
 * @param step which evaluation runs
 * @param rows what the rows of the batch stand for
 * @param grid the queries' height and width; text is a single line
 * @param keys the number of keys before any key/value edit
 */
public record AttentionCall(AttentionSite site, Step step, List<Row> rows, Extent grid, int keys) {
    /** The number of queries of a row. */
    public int queries() {
        return grid.cells();
    }
}
