package io.heddle.cpu;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.Buffer;

/**
 * A buffer {@code [rows, tokens, heads·dim]} as matrices: tokens by features of one head.
 *
 * @param buffer where it lies
 * @param tokens tokens of a row
 * @param heads heads of a token
 * @param dim features of one head
 */
record TokenMajor(HeapBuffer buffer, int tokens, int heads, int dim) {
    /** Queries, their gradients, and outputs. */
    static TokenMajor ofQueries(Buffer buffer, AttentionShape shape) {
        return new TokenMajor(HeapBuffer.of(buffer), shape.queries(), shape.heads(), shape.dim());
    }

    /** Keys, values and their gradients. */
    static TokenMajor ofKeys(Buffer buffer, AttentionShape shape) {
        return new TokenMajor(HeapBuffer.of(buffer), shape.keys(), shape.heads(), shape.dim());
    }

    /** The number of rows. */
    int rows() {
        return buffer.size() / (tokens * heads * dim);
    }

    /** {@code [count, dim]}: tokens from {@code first} on, of one head. */
    Matrix head(int row, int head, int first, int count) {
        int width = heads * dim;
        return Matrix.of(buffer.array(), buffer.offset() + (row * tokens + first) * width + head * dim, count, dim, width);
    }
}
