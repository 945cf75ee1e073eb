package io.heddle.kernels;

import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;

/**
 * Transfers through two pinned chunks: while the device copies one, the host fills or empties the other. Memory that the collector may move, or that the
 * system may page out, is never given to the driver.
 */
final class Staging implements AutoCloseable {
    private static final long CHUNK_BYTES = 8L << 20;

    private final CudaContext context;
    private final List<Chunk> chunks;
    private int next;

    Staging(CudaContext context) {
        this.context = context;
        this.chunks = List.of(new Chunk(), new Chunk());
    }

    /** Pinned memory, and the event after its last use by the device. */
    private static final class Chunk {
        private final Address address = new Address();
        private final CUevent used = new CUevent();
        private final MemorySegment memory;

        @SuppressWarnings("restricted")
        Chunk() {
            Results.driver(cuMemHostAlloc(address, CHUNK_BYTES, 0), "cuMemHostAlloc of " + CHUNK_BYTES + " bytes");
            Results.driver(cuEventCreate(used, CUevent_flags.CU_EVENT_DISABLE_TIMING), "cuEventCreate");
            memory = MemorySegment.ofAddress(address.value()).reinterpret(CHUNK_BYTES);
        }

        void await() {
            Results.driver(cuEventSynchronize(used), "cuEventSynchronize");
        }
    }

    /** Copies {@code source} to the device; the source may change as soon as this returns. */
    synchronized void upload(MemorySegment source, long target) {
        context.requireRepeatable("copying to the device");
        context.enter();
        for (long at = 0; at < source.byteSize(); at += CHUNK_BYTES) {
            long bytes = Math.min(CHUNK_BYTES, source.byteSize() - at);
            Chunk chunk = next();
            chunk.await();
            MemorySegment.copy(source, at, chunk.memory, 0, bytes);
            Results.driver(
                    cuMemcpyHtoDAsync(new Address(target + at), chunk.address, bytes, context.stream()), "cuMemcpyHtoDAsync of " + bytes + " bytes");
            Results.driver(cuEventRecord(chunk.used, context.stream()), "cuEventRecord");
        }
    }

    /** Copies from the device to {@code target} and waits for it. */
    synchronized void download(long source, MemorySegment target) {
        context.requireRepeatable("copying from the device");
        context.enter();
        long bytes = target.byteSize();
        for (long at = 0; at < bytes + CHUNK_BYTES; at += CHUNK_BYTES) {
            Chunk chunk = next();
            if (at < bytes) {
                long count = Math.min(CHUNK_BYTES, bytes - at);
                Results.driver(
                        cuMemcpyDtoHAsync(chunk.address, new Address(source + at), count, context.stream()),
                        "cuMemcpyDtoHAsync of " + count + " bytes");
                Results.driver(cuEventRecord(chunk.used, context.stream()), "cuEventRecord");
            }
            long before = at - CHUNK_BYTES;
            if (before >= 0 && before < bytes) {
                Chunk full = chunks.get(next);
                full.await();
                MemorySegment.copy(full.memory, 0, target, before, Math.min(CHUNK_BYTES, bytes - before));
            }
        }
    }

    private Chunk next() {
        Chunk chunk = chunks.get(next);
        next = 1 - next;
        return chunk;
    }

    @Override
    public void close() {
        context.enter();
        for (Chunk chunk : chunks) {
            Results.driver(cuEventDestroy(chunk.used), "cuEventDestroy");
            Results.driver(cuMemFreeHost(chunk.address), "cuMemFreeHost");
        }
    }
}
