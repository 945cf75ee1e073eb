package io.heddle.kernels;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;

/** A device's primary context, which cuBLAS shares, and the one stream on which everything happens in the order of the calls. */
final class CudaContext implements AutoCloseable {
    private static final int NAME_BYTES = 256;

    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream stream = new CUstream();

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

    CUstream stream() {
        return stream;
    }

    /** The name of the device, as its maker gave it. */
    String name() {
        byte[] name = new byte[NAME_BYTES];
        Results.driver(cuDeviceGetName(name, name.length, device), "cuDeviceGetName");
        String padded = new String(name, StandardCharsets.UTF_8);
        return padded.substring(0, padded.indexOf(0)).strip();
    }

    /** The architecture for which code must be compiled. */
    Capability capability() {
        return new Capability(
                attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR), attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
    }

    /** A property of the device, one of {@code CUdevice_attribute}. */
    int attribute(int attribute) {
        int[] value = new int[1];
        Results.driver(cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute " + attribute);
        return value[0];
    }

    /**
     * Waits for the stream; a kernel's failure shows here at the latest.
     *
     * @param call what to name in the exception
     */
    void synchronize(String call) {
        enter();
        Results.driver(cuStreamSynchronize(stream), call);
    }

    @Override
    public void close() {
        enter();
        Results.driver(cuStreamDestroy(stream), "cuStreamDestroy");
        Results.driver(cuDevicePrimaryCtxRelease(device), "cuDevicePrimaryCtxRelease");
    }
}
