package io.heddle.kernels;

import io.heddle.spi.AttentionKernels.AttentionShape;
import io.heddle.spi.Buffer;
import java.util.List;

/**
 * A compiled kernel of attention on tensor cores.
 *
 * @param features the most features of a head
 * @param keys keys of a tile
 */
record HalfHeads(int features, int keys) {
    private static final List<HalfHeads> COMPILED =
            List.of(new HalfHeads(16, 64), new HalfHeads(32, 64), new HalfHeads(48, 64), new HalfHeads(64, 64),
                    new HalfHeads(80, 64), new HalfHeads(128, 32), new HalfHeads(160, 32));
    /** Queries of a block. */
    private static final int QUERIES = 64;
    private static final int THREADS = 128;
    /** Features that one copy takes. */
    private static final int RUN = 8;

    /** Whether one of them takes heads of this size and the operands. */
    static boolean fit(AttentionShape shape, Buffer... operands) {
        return shape.scale() > 0 && shape.dim() % RUN == 0 && shape.dim() <= COMPILED.getLast().features() && HalfTiles.areAlignedHalves(operands);
    }

    /** The smallest that takes heads of this size. */
    static HalfHeads of(AttentionShape shape) {
        return COMPILED.stream().filter(heads -> heads.features() >= shape.dim()).findFirst().orElseThrow();
    }

    /** A block for some queries of each head of each row. */
    Grid grid(AttentionShape shape, int rows) {
        return new Grid(Grid.blocks(shape.queries(), QUERIES), shape.heads(), rows, THREADS, 1);
    }

    /** Dynamic shared memory: the queries and two tiles of keys and of values, each token 16 bytes longer than it is. */
    int sharedBytes() {
        return Short.BYTES * (QUERIES + 4 * keys) * (features + RUN);
    }
}
