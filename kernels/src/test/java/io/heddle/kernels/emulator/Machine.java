package io.heddle.kernels.emulator;

import static jcuda.driver.JCudaDriver.cuCtxCreate;
import static jcuda.driver.JCudaDriver.cuCtxDestroy;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuFuncSetAttribute;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;

import java.io.IOException;
import java.nio.file.Files;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** A context of the emulated driver with one module, for tests that talk to the driver itself. An error that destroys it leaves other contexts alone. */
final class Machine implements AutoCloseable {
    private final CUcontext context = new CUcontext();
    private final CUmodule module = new CUmodule();

    Machine(String name) throws IOException {
        EmulatedDriver driver = EmulatedDriver.load();
        JCudaDriver.setExceptionsEnabled(true);
        cuInit(0);
        CUdevice device = new CUdevice();
        cuDeviceGet(device, 0);
        cuCtxCreate(context, 0, device);
        cuModuleLoadData(module, Files.readAllBytes(driver.image(name)));
    }

    /** Makes the context the calling thread's. */
    void enter() {
        cuCtxSetCurrent(context);
    }

    /** Device memory of fresh contents. */
    CUdeviceptr allocate(int floats) {
        CUdeviceptr pointer = new CUdeviceptr();
        cuMemAlloc(pointer, 4L * floats);
        return pointer;
    }

    CUdeviceptr ofIndices(int... values) {
        CUdeviceptr pointer = allocate(values.length);
        cuMemcpyHtoD(pointer, Pointer.to(values), 4L * values.length);
        return pointer;
    }

    CUdeviceptr of(float... values) {
        CUdeviceptr pointer = allocate(values.length);
        cuMemcpyHtoD(pointer, Pointer.to(values), 4L * values.length);
        return pointer;
    }

    /** Reads after all that was asked for on streams that wait for the default stream. */
    float[] read(CUdeviceptr pointer, int floats) {
        float[] values = new float[floats];
        cuMemcpyDtoH(Pointer.to(values), pointer, 4L * floats);
        return values;
    }

    void launch(String kernel, int blocks, int threads, Pointer... parameters) {
        launch(null, kernel, blocks, threads, parameters);
    }

    void launch(@Nullable CUstream stream, String kernel, int blocks, int threads, Pointer... parameters) {
        cuLaunchKernel(function(kernel), blocks, 1, 1, threads, 1, 1, 0, stream, Pointer.to(parameters), null);
    }

    /** A grid of three dimensions and dynamic shared memory. */
    void launch(String kernel, int[] grid, int threads, int sharedBytes, Pointer... parameters) {
        CUfunction function = function(kernel);
        cuFuncSetAttribute(function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, sharedBytes);
        cuLaunchKernel(function, grid[0], grid[1], grid[2], threads, 1, 1, sharedBytes, null, Pointer.to(parameters), null);
    }

    /** A kernel of the module, of this context. */
    CUfunction function(String kernel) {
        CUfunction function = new CUfunction();
        cuModuleGetFunction(function, module, kernel);
        return function;
    }

    @Override
    public void close() {
        cuCtxDestroy(context);
    }
}
