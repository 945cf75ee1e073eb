package io.heddle.kernels;

import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;

import io.heddle.tensor.DeviceException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jcuda.driver.CUresult;
import org.jspecify.annotations.Nullable;

/**
 * Device memory in blocks of a few sizes, kept for reuse when given back. Everything happens on one stream, so that a block may be taken again while
 * kernels that were launched before still use it. A run that repeats a step asks the driver for nothing after the first one.
 */
final class BlockPool {
    /** Sizes are multiples of this, which is more than the alignment that any kernel asks for. */
    private static final long GRANULE = 512;
    /** Sizes above 8 granules have this many significant bits, so that at most an eighth of a block is wasted. */
    private static final int SIGNIFICANT_BITS = 4;
    /** How long an allocation that does not fit waits for unreachable buffers. */
    private static final long COLLECTION_MILLIS = 200;

    private final CudaContext context;
    private final Set<Block> blocks = new HashSet<>();
    private final FreeBlocks free = new FreeBlocks();
    private long allocations;
    private long held;
    private boolean closed;

    BlockPool(CudaContext context) {
        this.context = context;
    }

    /**
     * A piece of device memory.
     *
     * @param address of its first byte
     * @param bytes its size
     */
    record Block(long address, long bytes) {}

    /** A block of at least {@code bytes}, with undefined contents. */
    Block take(long bytes) {
        long size = size(bytes);
        Block block = recycled(size);
        return block != null ? block : allocate(size);
    }

    /** Gives a block back for reuse. */
    synchronized void give(Block block) {
        if (!closed) {
            free.give(block);
        }
    }

    private synchronized @Nullable Block recycled(long size) {
        return free.take(size);
    }

    private Block allocate(long size) {
        context.enter();
        Block block = tryAllocate(size);
        if (block == null) {
            free();
            block = tryAllocate(size);
        }
        if (block == null) {
            collectGarbage();
            free();
            block = tryAllocate(size);
        }
        if (block == null) {
            throw exhausted(size);
        }
        return block;
    }

    private synchronized @Nullable Block tryAllocate(long size) {
        Address address = new Address();
        int result = cuMemAlloc(address, size);
        if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            return null;
        }
        Results.driver(result, "cuMemAlloc of " + size + " bytes");
        allocations++;
        held += size;
        Block block = new Block(address.value(), size);
        blocks.add(block);
        return block;
    }

    /** Returns the pooled blocks to the driver, which waits for the kernels that use them. */
    private synchronized void free() {
        free.takeAll().forEach(this::free);
    }

    private void free(Block block) {
        Results.driver(cuMemFree(new Address(block.address())), "cuMemFree");
        blocks.remove(block);
        held -= block.bytes();
    }

    /** Returns everything to the driver, what is in use as well: the context may outlive this pool. */
    synchronized void close() {
        context.enter();
        closed = true;
        free.takeAll();
        List.copyOf(blocks).forEach(this::free);
    }

    /** The virtual machine does not feel that the device is full, so it is asked to find unreachable buffers. */
    private static void collectGarbage() {
        System.gc();
        try {
            Thread.sleep(COLLECTION_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private DeviceException exhausted(long size) {
        DriverMemory memory = driverMemory();
        return new DeviceException("the device is out of memory: " + size + " bytes were asked for, " + held() + " are in use here, "
                + memory.available + " of " + memory.total + " are free; use a smaller batch or picture, or close what is not needed");
    }

    /** What the driver says of the device's memory, in bytes. */
    private record DriverMemory(long available, long total) {}

    private DriverMemory driverMemory() {
        long[] available = new long[1];
        long[] total = new long[1];
        Results.driver(cuMemGetInfo(available, total), "cuMemGetInfo");
        return new DriverMemory(available[0], total[0]);
    }

    /** Bytes that the driver has given or could give. */
    synchronized long capacity() {
        context.enter();
        return held + driverMemory().available;
    }

    /** How often the driver was asked for memory. */
    synchronized long allocations() {
        return allocations;
    }

    /** Bytes that the driver has given. */
    synchronized long held() {
        return held;
    }

    /** Bytes kept for reuse. */
    synchronized long pooled() {
        return free.bytes();
    }

    /** The size of the block that so many bytes are given. */
    static long size(long bytes) {
        long granules = Math.max(1, Math.ceilDiv(bytes, GRANULE));
        int spare = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(granules - 1) - SIGNIFICANT_BITS);
        return Math.ceilDiv(granules, 1L << spare) * (1L << spare) * GRANULE;
    }
}
