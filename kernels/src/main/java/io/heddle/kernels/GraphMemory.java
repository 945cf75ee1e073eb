package io.heddle.kernels;

import io.heddle.kernels.BlockPool.Block;
import org.jspecify.annotations.Nullable;

/**
 * The memory of recorded work: blocks that nothing else gets, so that the addresses in a graph stay good. Graphs run one after the other and each writes
 * before it reads, so all have the same blocks.
 */
final class GraphMemory {
    private final BlockPool pool;
    private final FreeBlocks free = new FreeBlocks();

    GraphMemory(BlockPool pool) {
        this.pool = pool;
    }

    /**
     * A block of at least {@code bytes}.
     *
     * @param growing whether more memory may be taken if none is free
     * @throws IllegalStateException if none is free and none may be taken
     */
    Block take(long bytes, boolean growing) {
        @Nullable Block block = recycled(BlockPool.size(bytes));
        if (block != null) {
            return block;
        }
        if (!growing) {
            throw new IllegalStateException("work that is recorded as a graph asked for " + bytes
                    + " bytes more than when it was done first; it must ask for the same both times");
        }
        return pool.take(bytes);
    }

    private synchronized @Nullable Block recycled(long size) {
        return free.take(size);
    }

    synchronized void give(Block block) {
        free.give(block);
    }

    /** Gives the free blocks to everyone. */
    synchronized void release() {
        free.takeAll().forEach(pool::give);
    }
}
