package io.heddle.attention;

import io.heddle.tensor.Tensor;

/**
 * The queries, keys and values of one call, as the key/value edits added before the reader left them. Rows may share elements: row {@code i}'s are found
 * through the methods.
 */
public final class Projections {
    private final Tensor query;
    private final Tensor key;
    private final Tensor value;
    private final int[] queryRow;
    private final int[] keyRow;

    Projections(Tensor query, Tensor key, Tensor value, int[] queryRow, int[] keyRow) {
        this.query = query;
        this.key = key;
        this.value = value;
        this.queryRow = queryRow;
        this.keyRow = keyRow;
    }

    /** A row's queries {@code [1, queries, heads·dim]}, a view that ends with the call; keep what is needed. */
    public Tensor query(int row) {
        return query.row(queryRow[row]);
    }

    /** A row's keys {@code [1, keys, heads·dim]}. */
    public Tensor key(int row) {
        return key.row(keyRow[row]);
    }

    /** A row's values {@code [1, keys, heads·dim]}. */
    public Tensor value(int row) {
        return value.row(keyRow[row]);
    }
}
