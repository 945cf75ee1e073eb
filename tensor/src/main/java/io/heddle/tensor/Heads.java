package io.heddle.tensor;

/** The copies between tokens {@code [rows, tokens, heads·dim]} and heads {@code [rows, heads, tokens, dim]}, which only gradients of maps need. */
final class Heads {
    private Heads() {}

    static Tensor split(Tensor tokens, int heads) {
        return tokens.reshape(tokens.dim(0), tokens.dim(1), heads, tokens.dim(2) / heads).permute(0, 2, 1, 3);
    }

    static Tensor merge(Tensor heads) {
        return heads.permute(0, 2, 1, 3).reshape(heads.dim(0), heads.dim(2), heads.dim(1) * heads.dim(3));
    }
}
