package io.heddle.kernels;

import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuInit;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;

/** The NVIDIA driver of this machine, looked for before JCuda is touched: a class of JCuda's that failed to load would stay broken. */
final class CudaDriver {
    private static final String LIBRARY = "libcuda.so.1";

    private static boolean loaded;

    private CudaDriver() {}

    /**
     * Loads the driver and JCuda's library for it.
     *
     * @return the devices that it shows
     * @throws UnsupportedOperationException if the driver, JCuda or a device is missing; the message says what
     */
    static synchronized List<CudaDevice> load() {
        if (!loaded) {
            checkPlatform();
            checkLibrary();
            JCudaNatives.load("JCudaDriver", UnaryOperator.identity(), () -> cuInit(0));
            loaded = true;
        }
        check(cuInit(0), "cuInit");
        int[] count = new int[1];
        check(cuDeviceGetCount(count), "cuDeviceGetCount");
        if (count[0] == 0) {
            throw new UnsupportedOperationException("the NVIDIA driver is installed, but it shows no device");
        }
        return IntStream.range(0, count[0]).mapToObj(CudaDriver::device).toList();
    }

    private static CudaDevice device(int ordinal) {
        CUdevice device = new CUdevice();
        check(cuDeviceGet(device, ordinal), "cuDeviceGet of device " + ordinal);
        return CudaDevice.of(device);
    }

    private static void checkPlatform() {
        String system = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch");
        if (!system.toLowerCase(Locale.ROOT).contains("linux") || !architecture.equals("amd64")) {
            throw new UnsupportedOperationException("the CUDA backend runs on Linux for x86-64 only, and this is " + system + " for " + architecture);
        }
    }

    private static void checkLibrary() {
        if (!SharedLibrary.isOnLoadersPath(LIBRARY)) {
            throw new UnsupportedOperationException(LIBRARY + " was not found on the loader's path: install the NVIDIA driver");
        }
    }

    private static void check(int result, String call) {
        if (result != CUresult.CUDA_SUCCESS) {
            throw new UnsupportedOperationException(call + " of the NVIDIA driver says " + CUresult.stringFor(result) + " (" + result + ")");
        }
    }
}
