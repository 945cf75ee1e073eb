package io.heddle.attention;

import io.heddle.spi.AttentionKernels.QueryWindow;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The attention map of one call, computed as far as it is asked for: a row, or tile by tile so that the map of a large grid never exists as a whole.
 * Post-softmax, float32. While gradients are recorded, what is read here is on the tape, so a loss may depend on it.
 */
public final class AttentionMap {
    private static final int TILE_ELEMENTS = 1 << 20;

    private final Mixture mixture;
    private final @Nullable Tensor materialised;

    AttentionMap(Mixture mixture, @Nullable Tensor materialised) {
        this.mixture = mixture;
        this.materialised = materialised;
    }

    /** The number of rows of the batch. */
    public int rows() {
        return mixture.rows();
    }

    /** The number of heads. */
    public int heads() {
        return mixture.heads();
    }

    /** The number of queries of a row. */
    public int queries() {
        return mixture.queries();
    }

    /** The number of keys, after any key/value edit. */
    public int keys() {
        return mixture.keys();
    }

    /** The map of one row {@code [1, heads, queries, keys]}. */
    public Tensor row(int row) {
        return materialised != null ? materialised.row(row) : mixture.map(row, new QueryWindow(0, queries()));
    }

    /** The maps of all rows {@code [rows, heads, queries, keys]}. */
    public Tensor all() {
        return materialised != null ? materialised : mixture.map();
    }

    /** Receives a part of a row's map. */
    @FunctionalInterface
    public interface TileReader {
        /**
         * Called for consecutive runs of queries.
         *
         * @param firstQuery the first query of the tile
         * @param tile {@code [heads, count, keys]}; ends when the call returns
         */
        void read(int firstQuery, Tensor tile);
    }

    /** Hands the map of one row over in tiles of a few MiB. */
    public void forEachTile(int row, TileReader reader) {
        int count = tileQueries(heads(), keys());
        for (int first = 0; first < queries(); first += count) {
            QueryWindow window = new QueryWindow(first, Math.min(count, queries() - first));
            try (Scope _ = mixture.values().device().scope()) {
                Tensor tile = materialised != null ? materialised.row(row).slice(2, window.first(), window.count()) : mixture.map(row, window);
                reader.read(first, tile.reshape(heads(), window.count(), keys()));
            }
        }
    }

    /** How many queries a tile has. */
    static int tileQueries(int heads, int keys) {
        return Math.max(1, TILE_ELEMENTS / Math.multiplyExact(heads, keys));
    }
}
