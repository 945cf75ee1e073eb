package io.heddle.attention;

import io.heddle.spi.AttentionKernels.QueryWindow;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
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

    /** The map of one row summed over the heads {@code [queries, keys]}. Of few keys, as text has, the fused kernel sums it on its way. */
    public Tensor headSum(int row) {
        if (materialised == null && mixture.isSummable()) {
            return mixture.headSum(row);
        }
        List<Tensor> parts = new ArrayList<>();
        for (QueryWindow window : tiles()) {
            parts.add(mixture.values().device().tidy(() -> tile(row, window).sum(0, 1)));
        }
        return Tensor.concat(0, parts);
    }

    /**
     * The map of queries and keys on their own, summed over the heads as {@link #headSum} has it, with the same bits.
     *
     * @param query {@code [1, queries, heads·dim]}
     * @param key {@code [1, keys, heads·dim]}
     * @return {@code [queries, keys]}
     */
    public static Tensor headSum(Tensor query, Tensor key, int heads) {
        int[] only = {0};
        try (Mixture mixture = new Mixture(query, only, new KeyValue(key, key), only, heads, false, List.of())) {
            return new AttentionMap(mixture, null).headSum(0);
        }
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
        for (QueryWindow window : tiles()) {
            try (Scope _ = mixture.values().device().scope()) {
                reader.read(window.first(), tile(row, window).reshape(heads(), window.count(), keys()));
            }
        }
    }

    private List<QueryWindow> tiles() {
        int count = tileQueries(heads(), keys());
        List<QueryWindow> tiles = new ArrayList<>();
        for (int first = 0; first < queries(); first += count) {
            tiles.add(new QueryWindow(first, Math.min(count, queries() - first)));
        }
        return tiles;
    }

    /** {@code [1, heads, window.count(), keys]} */
    private Tensor tile(int row, QueryWindow window) {
        return materialised != null ? materialised.row(row).slice(2, window.first(), window.count()) : mixture.map(row, window);
    }

    /** How many queries a tile has. */
    static int tileQueries(int heads, int keys) {
        return Math.max(1, TILE_ELEMENTS / Math.multiplyExact(heads, keys));
    }
}
