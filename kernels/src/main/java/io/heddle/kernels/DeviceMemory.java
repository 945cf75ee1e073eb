package io.heddle.kernels;

import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD16Async;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;

import io.heddle.kernels.BlockPool.Block;
import io.heddle.spi.Buffer;
import io.heddle.spi.Memory;
import io.heddle.spi.MemoryStatistics;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/** Buffers on the device. Transfers go through pinned memory, and all is ordered by the stream. Halves are rounded and widened on the host. */
final class DeviceMemory implements Memory {
    private final CudaContext context;
    private final BlockPool pool;
    private final Staging staging;
    private final Element element;
    private final KernelLibrary floats;
    private long live;
    private long peak;

    /**
     * @param element see {@link #element()}
     * @param floats the kernels that convert
     */
    DeviceMemory(CudaContext context, BlockPool pool, Staging staging, Element element, KernelLibrary floats) {
        this.context = context;
        this.pool = pool;
        this.staging = staging;
        this.element = element;
        this.floats = floats;
    }

    /** What buffers hold unless float32 is asked for. */
    Element element() {
        return element;
    }

    @Override
    public DeviceBuffer allocate(long length) {
        return allocate(length, element);
    }

    @Override
    public DeviceBuffer allocateFloat32(long length) {
        return allocate(length, Element.FLOAT);
    }

    private DeviceBuffer allocate(long length, Element held) {
        if (length < 0) {
            throw new IllegalArgumentException("a buffer of " + length + " elements was asked for; it cannot be negative");
        }
        Draft draft = context.draft();
        Block block = draft == null ? pool.take(length * held.bytes()) : draft.take(length * held.bytes());
        Lease.Return home = draft == null ? pool::give : draft.memory()::give;
        count(block.bytes());
        return new DeviceBuffer(new Lease(block, length, ended -> end(ended, home)), held, 0, length);
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
        MemorySegment floats = source.asSlice(0, device.length() * Float.BYTES);
        staging.upload(device.element() == Element.HALF ? MemorySegment.ofArray(Halves.rounded(floats)) : floats, device.address());
        Reference.reachabilityFence(device);
    }

    @Override
    public void download(Buffer buffer, MemorySegment target) {
        DeviceBuffer device = DeviceBuffer.of(buffer);
        MemorySegment floats = target.asSlice(0, device.length() * Float.BYTES);
        if (device.element() == Element.HALF) {
            short[] halves = new short[Math.toIntExact(device.length())];
            staging.download(device.address(), MemorySegment.ofArray(halves));
            Halves.widen(halves, floats);
        } else {
            staging.download(device.address(), floats);
        }
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
        if (from.element() != to.element()) {
            String conversion = to.element() == Element.HALF ? "to_half" : "to_float";
            floats.launch(conversion).buffer(from).buffer(to).count(to.length()).run(Grid.pointwise(to.length()));
        } else if (from.length() > 0) {
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
            Address address = new Address(device.address());
            if (device.element() == Element.HALF) {
                int result = cuMemsetD16Async(address, Halves.rounded(value), device.length(), context.stream());
                Results.driver(result, "cuMemsetD16Async of " + device.length() + " elements");
            } else {
                int result = cuMemsetD32Async(address, Float.floatToRawIntBits(value), device.length(), context.stream());
                Results.driver(result, "cuMemsetD32Async of " + device.length() + " elements");
            }
        }
        Reference.reachabilityFence(device);
    }

    @Override
    public long capacity() {
        return pool.capacity();
    }

    @Override
    public synchronized MemoryStatistics statistics() {
        return new MemoryStatistics(live, peak, pool.pooled());
    }
}
