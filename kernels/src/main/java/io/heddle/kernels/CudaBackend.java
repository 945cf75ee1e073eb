package io.heddle.kernels;

import io.heddle.spi.Backend;
import io.heddle.spi.Convolution;
import io.heddle.spi.Graphs;
import io.heddle.spi.Precision;
import io.heddle.spi.Primitives;
import io.heddle.tensor.DeviceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A CUDA device as a backend, on one stream: float32 arithmetic without tensor cores; or, in its fast mode, halves in memory and on tensor cores, all sums
 * in float32, and row by row not the same bits in every batch.
 */
final class CudaBackend implements Backend {
    /** The module of the kernels of float32, and that of the fast mode. */
    static final String MODULE = "heddle";

    static final String FAST_MODULE = "heddle_half";
    /** The earliest generation that has the fast mode. */
    static final Capability FAST_LEAST = new Capability(8, 0);

    private final Precision precision;
    /** What closes the parts, the last one first. */
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final CudaContext context;
    private final BlockPool pool;
    private final KernelLibrary floats;
    private final KernelLibrary kernels;
    private final @Nullable CudaGraphs graphs;
    private final Products products;
    private final Optional<Cudnn> cudnn;
    private final Primitives primitives;

    /**
     * Opens a device.
     *
     * @param ordinal which one, from 0
     * @param choice what computes matrix products
     * @param convolutions what computes convolutions of float32
     * @param precision what is held in memory; halves are the fast mode
     */
    CudaBackend(int ordinal, ProductChoice choice, ConvolutionChoice convolutions, Precision precision) {
        this.precision = precision;
        try {
            this.context = opened(new CudaContext(ordinal), CudaContext::close);
            Staging staging = opened(new Staging(context), Staging::close);
            this.pool = opened(new BlockPool(context), BlockPool::close);
            this.floats = opened(new KernelLibrary(context, KernelImage.of(MODULE, context.device().capability())), KernelLibrary::close);
            DeviceMemory memory = new DeviceMemory(context, pool, staging, Element.of(precision), floats);
            this.kernels = precision == Precision.FLOAT16 ? opened(fastKernels(memory), KernelLibrary::close) : floats;
            IndexTables indices = new IndexTables(context, pool, staging);
            CudaPointwise pointwise = new CudaPointwise(kernels);
            CudaReduction reduction = new CudaReduction(kernels);
            this.products = opened(
                    choice.cublas()
                            .<Products>map(library -> new CublasProducts(library, context, pool, memory, pointwise))
                            .orElseGet(() -> new KernelProducts(kernels)),
                    Products::close);
            this.cudnn = convolutions.cudnn()
                    .filter(_ -> precision == Precision.FLOAT32)
                    .map(library -> opened(new Cudnn(library, context, pool), Cudnn::close));
            this.graphs = CudaGraphs.areWanted() ? opened(new CudaGraphs(context, pool), CudaGraphs::close) : null;
            CudaLinear linear = new CudaLinear(products, reduction);
            CudaConvolution convolution = new CudaConvolution(kernels, linear, reduction);
            this.primitives = new Primitives(
                    memory,
                    pointwise,
                    reduction,
                    new CudaMovement(kernels, indices),
                    linear,
                    cudnn.<Convolution>map(library -> new CudnnConvolution(library, convolution, memory, pointwise, reduction)).orElse(convolution),
                    new CudaNormalization(kernels, memory),
                    new CudaAttention(kernels, indices, memory, reduction),
                    new CudaOptimisation(kernels));
        } catch (RuntimeException | Error e) {
            try {
                closeParts();
            } catch (RuntimeException closed) {
                e.addSuppressed(closed);
            }
            throw e;
        }
    }

    private <T> T opened(T part, Consumer<T> close) {
        closing.push(() -> close.accept(part));
        return part;
    }

    private void closeParts() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }

    private KernelLibrary fastKernels(DeviceMemory memory) {
        CudaDevice device = context.device();
        if (device.capability().number() < FAST_LEAST.number()) {
            throw new DeviceException("half precision needs a device of compute capability " + FAST_LEAST + " or more, and this is " + device
                    + ": leave fp16 out");
        }
        return new KernelLibrary(context, KernelImage.of(FAST_MODULE, device.capability()), new Promotion(floats, memory));
    }

    /** The blocks behind the buffers. */
    BlockPool pool() {
        return pool;
    }

    @Override
    public String description() {
        return "CUDA device " + context.device() + (precision == Precision.FLOAT16 ? " in half precision" : "") + ", products by " + products.name()
                + cudnn.map(library -> ", convolutions by " + library.name()).orElse("")
                + ", kernels of " + kernels.image();
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public Primitives primitives() {
        return primitives;
    }

    @Override
    public Optional<Graphs> graphs() {
        return Optional.ofNullable(graphs);
    }

    @Override
    public void synchronize() {
        context.synchronize("cuStreamSynchronize");
    }

    @Override
    public double seconds(Runnable work) {
        return context.seconds(work);
    }

    @Override
    public void close() {
        synchronize();
        closeParts();
    }
}
