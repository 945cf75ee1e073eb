package io.heddle.kernels;

import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadDataEx;
import static jcuda.driver.JCudaDriver.cuModuleUnload;

import io.heddle.tensor.DeviceException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernels of one module, loaded from the first image that the driver takes. */
final class KernelLibrary implements AutoCloseable {
    /** Waits for each kernel, so that a failure names it; slow. */
    static final String SYNCHRONOUS_PROPERTY = "heddle.cuda.synchronous";

    private static final Logger LOG = LoggerFactory.getLogger(KernelLibrary.class);
    /** What the driver says of an image made for another device or by a newer compiler. */
    private static final Set<Integer> UNFIT = Set.of(
            CUresult.CUDA_ERROR_INVALID_IMAGE,
            CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
            CUresult.CUDA_ERROR_INVALID_PTX,
            CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION);

    private final CudaContext context;
    private final CUmodule module = new CUmodule();
    private final Map<String, CUfunction> functions = new ConcurrentHashMap<>();
    private final ThreadLocal<Launch> launches;
    private final String image;

    /** Loads the best of the images. */
    KernelLibrary(CudaContext context, List<KernelImage> images) {
        this(context, images, null);
    }

    /**
     * Loads the best of the images.
     *
     * @param promotion runs launches with float32 among the operands; null if nothing else is expected
     */
    KernelLibrary(CudaContext context, List<KernelImage> images, @Nullable Promotion promotion) {
        this.context = context;
        boolean synchronous = Boolean.getBoolean(SYNCHRONOUS_PROPERTY);
        this.launches = ThreadLocal.withInitial(() -> new Launch(context, synchronous, promotion));
        this.image = load(images);
    }

    private String load(List<KernelImage> images) {
        context.enter();
        List<String> refusals = new ArrayList<>();
        for (KernelImage candidate : images) {
            ByteBuffer bytes = candidate.bytes();
            int result = cuModuleLoadDataEx(module, Pointer.to(bytes), 0, new int[0], Pointer.to(new int[0]));
            if (result == CUresult.CUDA_SUCCESS) {
                return candidate.name();
            }
            if (!UNFIT.contains(result)) {
                throw Results.failure(result, "cuModuleLoadDataEx of " + candidate.name());
            }
            refusals.add(candidate.name() + ": " + CUresult.stringFor(result));
            LOG.info("kernels of {} are not used: {}", candidate.name(), CUresult.stringFor(result));
        }
        throw new DeviceException("no kernels fit the device; tried " + refusals + ": a device of compute capability " + Capability.LEAST
                + " or more is needed");
    }

    /** Which image is in use. */
    String image() {
        return image;
    }

    /** Begins a launch of a kernel. */
    Launch launch(String kernel) {
        return launches.get().of(kernel, functions.computeIfAbsent(kernel, this::find));
    }

    private CUfunction find(String kernel) {
        context.enter();
        CUfunction function = new CUfunction();
        Results.driver(cuModuleGetFunction(function, module, kernel), "cuModuleGetFunction of " + kernel + " in " + image);
        return function;
    }

    @Override
    public void close() {
        context.enter();
        Results.driver(cuModuleUnload(module), "cuModuleUnload");
    }
}
