package io.heddle.kernels;

import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;

import io.heddle.kernels.BlockPool.Block;
import io.heddle.spi.Buffer;
import io.heddle.spi.Memory;
import io.heddle.spi.MemoryStatistics;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Buffers on the device. Transfers go through pinned memory, and all is ordered by the stream. */
final class DeviceMemory implements Memory {
    private final CudaContext context;
    private final BlockPool pool;
    private final Staging staging;
    private long live;
    private long peak;

    DeviceMemory(CudaContext context, BlockPool pool, Staging staging) {
        this.context = context;
        this.pool = pool;
        this.staging = staging;
    }

    @Override
    public DeviceBuffer allocate(long length) {
        if (length < 0) {
            throw new IllegalArgumentException("a buffer of " + length + " elements was asked for; it cannot be negative");
        }
        Draft draft = context.draft();
        Block block = draft == null ? pool.take(length * Float.BYTES) : draft.take(length * Float.BYTES);
        Lease.Return home = draft == null ? pool::give : draft.memory()::give;
        count(block.bytes());
        return new DeviceBuffer(new Lease(block, length, ended -> end(ended, home)), 0, length);
    }

    private synchronized void count(long bytes) {
        live += bytes;
        peak = Math.max(peak, live);
    }

    private void end(Block block, Lease.Return home) {
        count(-block.bytes());
        home.accept(block);
    }

    @Override
    public void release(Buffer buffer) {
        DeviceBuffer device = DeviceBuffer.of(buffer);
        if (device.length() != device.lease().length()) {
            throw new IllegalArgumentException("a slice of " + device.length() + " of " + device.lease().length()
                    + " elements was released; release the whole buffer");
        }
        device.lease().release();
    }

    @Override
    public void upload(MemorySegment source, Buffer buffer) {
        DeviceBuffer device = DeviceBuffer.of(buffer);
        staging.upload(source.asSlice(0, device.bytes()), device.address());
        Reference.reachabilityFence(device);
    }

    @Override
    public void download(Buffer buffer, MemorySegment target) {
        DeviceBuffer device = DeviceBuffer.of(buffer);
        staging.download(device.address(), target.asSlice(0, device.bytes()));
        Reference.reachabilityFence(device);
    }

    @Override
    public void copy(Buffer source, Buffer target) {
        DeviceBuffer from = DeviceBuffer.of(source);
        DeviceBuffer to = DeviceBuffer.of(target);
        if (from.length() != to.length()) {
            throw new IllegalArgumentException("a buffer of " + from.length() + " elements was copied to one of " + to.length()
                    + "; they must be equal");
        }
        if (from.length() > 0) {
            context.enter();
            Results.driver(
                    cuMemcpyDtoDAsync(new Address(to.address()), new Address(from.address()), from.bytes(), context.stream()),
                    "cuMemcpyDtoDAsync of " + from.bytes() + " bytes");
        }
        Reference.reachabilityFence(from);
        Reference.reachabilityFence(to);
    }

    @Override
    public void fill(Buffer buffer, float value) {
        DeviceBuffer device = DeviceBuffer.of(buffer);
        if (device.length() > 0) {
            context.enter();
            Results.driver(
                    cuMemsetD32Async(new Address(device.address()), Float.floatToRawIntBits(value), device.length(), context.stream()),
                    "cuMemsetD32Async of " + device.length() + " elements");
        }
        Reference.reachabilityFence(device);
    }

    @Override
    public synchronized MemoryStatistics statistics() {
        return new MemoryStatistics(live, peak, pool.pooled());
    }
}
