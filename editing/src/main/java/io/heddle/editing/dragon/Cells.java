package io.heddle.editing.dragon;

import io.heddle.spi.Extent;
import java.util.Arrays;

/**
 * Cells of a grid in an order: two lists of one length pair the cells of two pictures.
 *
 * @param grid the grid
 * @param index the cells' numbers, row by row from 0; they may repeat
 */
record Cells(Extent grid, int[] index) {
    int count() {
        return index.length;
    }

    /** The cells of another grid that a nearest-neighbour resize of it to this one shows at these cells. */
    int[] on(Extent features) {
        return Arrays.stream(index).map(cell -> Mask.nearest(features, grid, cell)).toArray();
    }
}
