package io.heddle.kernels;

import io.heddle.kernels.BlockPool.Block;
import java.util.List;
import java.util.Set;
import jcuda.driver.CUstream;

/**
 * A graph in the making: where what a thread asks for goes meanwhile.
 *
 * @param memory where it allocates
 * @param stream what its kernels are launched on
 * @param recorded whether they are only recorded there
 * @param kept what must not be given back as long as the graph is used
 * @param taken the blocks that were asked for
 */
record Draft(GraphMemory memory, CUstream stream, boolean recorded, List<DeviceBuffer> kept, Set<Block> taken) {
    /** A block of at least {@code bytes}; while it is recorded, one of those that doing the work took before. */
    Block take(long bytes) {
        Block block = memory.take(bytes, !recorded);
        taken.add(block);
        return block;
    }
}
