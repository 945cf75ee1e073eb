package io.heddle.cpu;

import io.heddle.spi.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What is added to a product: a bias for each column, a residual of the product's shape. It is written to the result before the product is added, while
 * the tile is in the cache.
 *
 * @param bias {@code [columns]} or null
 * @param residual of the shape of {@code result}, or null
 * @param result the product's buffer
 * @param columns columns of the result
 */
record Addends(@Nullable HeapBuffer bias, @Nullable HeapBuffer residual, HeapBuffer result, int columns) {
    /** Nothing to add. */
    static final Addends NONE = new Addends(null, null, new HeapBuffer(new float[0], 0, 0), 1);

    /** Addends of a result {@code [?, columns]}. */
    static Addends of(@Nullable Buffer bias, @Nullable Buffer residual, HeapBuffer result, int columns) {
        return new Addends(
                bias == null ? null : HeapBuffer.of(bias, columns),
                residual == null ? null : HeapBuffer.of(residual, result.size()),
                result,
                columns);
    }

    /** Writes the addends to a tile of the result and returns the factor with which the product must take the tile's contents: 1, or 0 if there are none. */
    float begin(Matrix tile) {
        if (bias == null && residual == null) {
            return 0;
        }
        for (int i = 0; i < tile.rows(); i++) {
            write(tile.offset() + i * tile.stride(), tile.columns());
        }
        return 1;
    }

    private void write(int to, int count) {
        int from = to - result.offset();
        float[] y = result.array();
        if (residual != null) {
            System.arraycopy(residual.array(), residual.offset() + from, y, to, count);
        }
        if (bias != null) {
            int biasAt = bias.offset() + from % columns;
            if (residual == null) {
                System.arraycopy(bias.array(), biasAt, y, to, count);
            } else {
                add(bias.array(), biasAt, y, to, count);
            }
        }
    }

    private static void add(float[] x, int xAt, float[] y, int yAt, int count) {
        for (int j = 0; j < count; j++) {
            y[yAt + j] += x[xAt + j];
        }
    }
}
