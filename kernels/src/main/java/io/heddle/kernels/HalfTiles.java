package io.heddle.kernels;

import io.heddle.spi.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * How a product on tensor cores is cut: large tiles read less, small ones keep more of the device busy.
 *
 * @param edge rows and columns of a block's tile, in the kernel's name
 * @param grid a block for each tile
 */
record HalfTiles(int edge, Grid grid) {
    private static final int SMALL = 64;
    private static final int LARGE = 128;
    private static final int THREADS = 128;
    /** As many large tiles as large devices have processors. */
    private static final int BUSY = 128;
    private static final int ALIGNMENT = 16;
    /** Neighbours along the sum that one copy takes. */
    private static final int RUN = 8;

    /** The tiles of a result {@code [m, n]}. */
    static HalfTiles of(long m, int n) {
        int edge = (long) Grid.blocks(m, LARGE) * Grid.blocks(n, LARGE) >= BUSY ? LARGE : SMALL;
        return new HalfTiles(edge, new Grid(Grid.blocks(n, edge), Grid.blocks(m, edge), 1, THREADS, 1));
    }

    /** Whether these kernels take runs of such a length along the sum, {@code n} columns, and the operands, some of which may be absent. */
    static boolean fit(int length, int n, @Nullable Buffer... operands) {
        return length % RUN == 0 && n % 2 == 0 && areAlignedHalves(operands);
    }

    /** Whether all operands hold halves and begin where copies of 16 bytes may. */
    static boolean areAlignedHalves(@Nullable Buffer... operands) {
        for (Buffer operand : operands) {
            if (operand instanceof DeviceBuffer buffer && (buffer.element() != Element.HALF || buffer.address() % ALIGNMENT != 0)) {
                return false;
            }
        }
        return true;
    }
}
