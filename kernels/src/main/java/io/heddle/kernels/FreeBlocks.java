package io.heddle.kernels;

import io.heddle.kernels.BlockPool.Block;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Blocks that wait for their next use, by size. */
final class FreeBlocks {
    private final Map<Long, ArrayDeque<Block>> bySize = new HashMap<>();
    private long bytes;

    /** A block of a size, or none. */
    @Nullable Block take(long size) {
        ArrayDeque<Block> blocks = bySize.get(size);
        if (blocks == null || blocks.isEmpty()) {
            return null;
        }
        bytes -= size;
        return blocks.removeLast();
    }

    void give(Block block) {
        bySize.computeIfAbsent(block.bytes(), _ -> new ArrayDeque<>()).addLast(block);
        bytes += block.bytes();
    }

    /** All of them, which wait no longer. */
    List<Block> takeAll() {
        List<Block> all = new ArrayList<>();
        bySize.values().forEach(all::addAll);
        bySize.clear();
        bytes = 0;
        return all;
    }

    /** Their bytes. */
    long bytes() {
        return bytes;
    }
}
