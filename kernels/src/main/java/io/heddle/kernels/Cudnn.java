package io.heddle.kernels;

import static jcuda.jcudnn.JCudnn.cudnnCreate;
import static jcuda.jcudnn.JCudnn.cudnnDestroy;
import static jcuda.jcudnn.JCudnn.cudnnGetVersion;
import static jcuda.jcudnn.JCudnn.cudnnSetStream;

import io.heddle.kernels.BlockPool.Block;
import io.heddle.spi.ConvolutionShape;
import io.heddle.tensor.DeviceException;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import jcuda.runtime.cudaStream_t;

/**
 * cuDNN 9 by those functions for convolutions that it has kept from version 7. JCuda's classes are those of version 8.5 on natives for 9: what is called here
 * is the same in both. The workspace is there from the start, so that a graph may record calls.
 */
final class Cudnn implements AutoCloseable {
    private static final long LEAST_VERSION = 90_000;
    private static final long WORKSPACE_BYTES = 128L << 20;
    /** The thousands of cuDNN 9's status where it does not support something, for one of many reasons. */
    private static final int NOT_SUPPORTED = 3;

    private final CudaContext context;
    private final cudnnHandle handle = new cudnnHandle();
    private final Block workspace;
    private final Map<ConvolutionShape, CudnnDescriptors> descriptors = new HashMap<>();
    private final Map<Task, Optional<Algorithm>> algorithms = new HashMap<>();

    Cudnn(SharedLibrary library, CudaContext context, BlockPool pool) {
        this.context = context;
        load(library);
        context.enter();
        Results.cudnn(cudnnCreate(handle), "cudnnCreate");
        this.workspace = pool.take(WORKSPACE_BYTES);
    }

    private static void load(SharedLibrary library) {
        try {
            library.load();
            JCudaNatives.load("JCudnn", UnaryOperator.identity(), JCudnn::initialize);
        } catch (LinkageError | UnsupportedOperationException e) {
            DeviceException failure = new DeviceException(
                    library + " cannot be used: " + e.getMessage() + "; without -D" + ConvolutionChoice.PROPERTY + " it is not needed");
            failure.initCause(e);
            throw failure;
        }
        if (cudnnGetVersion() < LEAST_VERSION) {
            throw new DeviceException(library + " is cuDNN " + cudnnGetVersion() + "; " + LEAST_VERSION + " or newer is needed");
        }
    }

    /** What is computed again and again. */
    private record Task(CudnnDirection direction, ConvolutionShape shape) {}

    /**
     * How it is computed.
     *
     * @param number cuDNN's own
     * @param bytes of workspace
     */
    private record Algorithm(int number, long bytes) {}

    /** What computes, for reports. */
    String name() {
        long version = cudnnGetVersion();
        return "cuDNN " + version / 10_000 + "." + version / 100 % 100;
    }

    /** Whether cuDNN has an algorithm for a convolution whose padding is the same on opposite sides. */
    synchronized boolean supports(CudnnDirection direction, ConvolutionShape shape) {
        return algorithm(new Task(direction, shape)).isPresent();
    }

    /** Computes what it supports, from aligned operands. */
    synchronized void run(CudnnDirection direction, ConvolutionShape shape, DeviceBuffer a, DeviceBuffer b, DeviceBuffer result) {
        Algorithm algorithm = algorithm(new Task(direction, shape)).orElseThrow();
        context.enter();
        Results.cudnn(cudnnSetStream(handle, new cudaStream_t(context.stream())), "cudnnSetStream");
        int status = direction.run(
                handle, descriptors(shape), algorithm.number, new Address(workspace.address()), algorithm.bytes, new Address(a.address()),
                new Address(b.address()), new Address(result.address()));
        Results.cudnn(status, direction + " by algorithm " + algorithm.number + " of cuDNN of " + shape);
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(result);
    }

    private CudnnDescriptors descriptors(ConvolutionShape shape) {
        return descriptors.computeIfAbsent(shape, CudnnDescriptors::of);
    }

    private Optional<Algorithm> algorithm(Task task) {
        return algorithms.computeIfAbsent(task, this::choose);
    }

    private Optional<Algorithm> choose(Task task) {
        context.enter();
        for (int algorithm : task.direction.algorithms()) {
            long[] bytes = new long[1];
            int status = task.direction.workspaceSize(handle, descriptors(task.shape), algorithm, bytes);
            if (status / 1000 != NOT_SUPPORTED) {
                Results.cudnn(status, "workspace size of " + task);
                if (bytes[0] <= WORKSPACE_BYTES) {
                    return Optional.of(new Algorithm(algorithm, bytes[0]));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        context.enter();
        descriptors.values().forEach(CudnnDescriptors::close);
        Results.cudnn(cudnnDestroy(handle), "cudnnDestroy");
    }
}
