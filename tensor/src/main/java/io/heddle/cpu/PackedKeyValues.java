package io.heddle.cpu;

/**
 * The keys and values of all rows, head by head: {@code K} as it is and {@code Vᵀ}, both with spare rows at the end so that a {@link PanelGemm} can
 * round their numbers up.
 *
 * @param k {@code [rows, keys, heads·dim]}
 * @param v {@code [rows, keys, heads·dim]}
 * @param spare spare rows
 * @param packed holds both
 */
record PackedKeyValues(TokenMajor k, TokenMajor v, int spare, float[] packed) {
    static PackedKeyValues of(TokenMajor k, TokenMajor v, int spare, Scratch scratch) {
        long keys = (long) k.rows() * k.heads() * (k.tokens() + spare) * k.dim();
        long values = (long) v.rows() * v.heads() * (v.dim() + spare) * v.tokens();
        return new PackedKeyValues(k, v, spare, scratch.array(Math.toIntExact(keys + values)));
    }

    void pack(Workers workers) {
        int keyHeads = k.rows() * k.heads();
        workers.run(keyHeads + v.rows() * v.heads(), task -> {
            if (task < keyHeads) {
                copy(k.head(task / k.heads(), task % k.heads(), 0, k.tokens()), keys(task / k.heads(), task % k.heads()));
            } else {
                int head = task - keyHeads;
                Transposition.copy(v.head(head / v.heads(), head % v.heads(), 0, v.tokens()), values(head / v.heads(), head % v.heads()));
            }
        });
    }

    /** {@code [keys + spare, dim]} */
    Matrix keys(int row, int head) {
        int rows = k.tokens() + spare;
        return Matrix.of(packed, (row * k.heads() + head) * rows * k.dim(), rows, k.dim());
    }

    /** {@code [dim + spare, keys]} */
    Matrix values(int row, int head) {
        int rows = v.dim() + spare;
        int start = k.rows() * k.heads() * (k.tokens() + spare) * k.dim();
        return Matrix.of(packed, start + (row * v.heads() + head) * rows * v.tokens(), rows, v.tokens());
    }

    private static void copy(Matrix from, Matrix to) {
        for (int i = 0; i < from.rows(); i++) {
            System.arraycopy(from.array(), from.offset() + i * from.stride(), to.array(), to.offset() + i * to.stride(), from.columns());
        }
    }
}
