package io.heddle.kernels;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import org.jspecify.annotations.Nullable;

/** A device's primary context, which cuBLAS shares, and the one stream on which everything happens in the order of the calls. */
final class CudaContext implements AutoCloseable {
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();
    private final ScopedValue<Draft> draft = ScopedValue.newInstance();

    /** Opens device {@code ordinal}. */
    CudaContext(int ordinal) {
        Results.driver(cuInit(0), "cuInit");
        Results.driver(cuDeviceGet(device, ordinal), "cuDeviceGet of device " + ordinal);
        Results.driver(cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain of device " + ordinal);
        enter();
        Results.driver(cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    }

    /** Makes the context the calling thread's: the driver keeps one for each thread, and any thread may call a backend. */
    void enter() {
        Results.driver(cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }

    /** Where what this thread asks for goes. */
    CUstream stream() {
        return draft.isBound() ? draft.get().stream() : stream;
    }

    /** The graph that this thread makes. */
    @Nullable Draft draft() {
        return draft.isBound() ? draft.get() : null;
    }

    /** Does work for a graph. */
    void draft(Draft made, Runnable work) {
        if (draft.isBound()) {
            throw new IllegalStateException("work that is recorded as a graph records another; let the outer one do without");
        }
        ScopedValue.where(draft, made).run(work);
    }

    /** Refuses what is not for the device alone. */
    void requireRepeatable(String what) {
        if (draft.isBound() && draft.get().recorded()) {
            throw new IllegalStateException(what + " inside work that is recorded as a graph: do it before or after, and let the work read a tensor");
        }
    }

    /** What the driver says of the device. */
    CudaDevice device() {
        return CudaDevice.of(device);
    }

    /**
     * Waits for the stream; a kernel's failure shows here at the latest.
     *
     * @param call what to name in the exception
     */
    void synchronize(String call) {
        requireRepeatable("waiting for the device");
        enter();
        Results.driver(cuStreamSynchronize(stream), call);
    }

    /** Seconds between two events on the stream, one before and one after what {@code work} puts there. */
    double seconds(Runnable work) {
        enter();
        CUevent start = new CUevent();
        CUevent end = new CUevent();
        Results.driver(cuEventCreate(start, CUevent_flags.CU_EVENT_DEFAULT), "cuEventCreate");
        Results.driver(cuEventCreate(end, CUevent_flags.CU_EVENT_DEFAULT), "cuEventCreate");
        try {
            Results.driver(cuEventRecord(start, stream), "cuEventRecord");
            work.run();
            enter();
            Results.driver(cuEventRecord(end, stream), "cuEventRecord");
            Results.driver(cuEventSynchronize(end), "cuEventSynchronize");
            float[] milliseconds = new float[1];
            Results.driver(cuEventElapsedTime(milliseconds, start, end), "cuEventElapsedTime");
            return milliseconds[0] / 1e3;
        } finally {
            Results.driver(cuEventDestroy(start), "cuEventDestroy");
            Results.driver(cuEventDestroy(end), "cuEventDestroy");
        }
    }

    @Override
    public void close() {
        enter();
        Results.driver(cuStreamDestroy(stream), "cuStreamDestroy");
        Results.driver(cuDevicePrimaryCtxRelease(device), "cuDevicePrimaryCtxRelease");
    }
}
