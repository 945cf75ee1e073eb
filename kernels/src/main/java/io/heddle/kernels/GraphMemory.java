package io.heddle.kernels;

import io.heddle.kernels.BlockPool.Block;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The memory of recorded work: blocks that nothing else gets as long as a graph has their addresses. Graphs run one after the other and each writes before it
 * reads, so they share the blocks.
 */
final class GraphMemory {
    private final BlockPool pool;
    private final FreeBlocks free = new FreeBlocks();
    /** How many graphs have a block's address. */
    private final Map<Block, Integer> graphs = new HashMap<>();

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

    /** Says that a graph has these blocks' addresses. */
    synchronized void hold(Set<Block> blocks) {
        blocks.forEach(block -> graphs.merge(block, 1, Integer::sum));
    }

    /** Says that a graph that had them is gone. */
    synchronized void leave(Set<Block> blocks) {
        blocks.forEach(block -> graphs.computeIfPresent(block, (_, count) -> count == 1 ? null : count - 1));
    }

    /** Gives the free blocks that no graph has to everyone. */
    synchronized void release() {
        free.takeAll().forEach(block -> {
            if (graphs.containsKey(block)) {
                free.give(block);
            } else {
                pool.give(block);
            }
        });
    }
}
