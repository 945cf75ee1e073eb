package io.heddle.kernels;

import io.heddle.spi.Backend;
import io.heddle.spi.Convolution;
import io.heddle.spi.Graphs;
import io.heddle.spi.Precision;
import io.heddle.spi.Primitives;
import io.heddle.tensor.DeviceException;
import java.util.Optional;
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
    private final CudaContext context;
    private final Staging staging;
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
        this.context = new CudaContext(ordinal);
        this.staging = new Staging(context);
        this.pool = new BlockPool(context);
        this.floats = new KernelLibrary(context, KernelImage.of(MODULE, context.device().capability()));
        DeviceMemory memory = new DeviceMemory(context, pool, staging, Element.of(precision), floats);
        this.kernels = precision == Precision.FLOAT16 ? fastKernels(memory) : floats;
        this.graphs = CudaGraphs.areWanted() ? new CudaGraphs(context, pool) : null;
        IndexTables indices = new IndexTables(context, pool, staging);
        CudaPointwise pointwise = new CudaPointwise(kernels);
        CudaReduction reduction = new CudaReduction(kernels);
        this.products = choice.cublas()
                .<Products>map(library -> new CublasProducts(library, context, pool, memory, pointwise))
                .orElseGet(() -> new KernelProducts(kernels));
        this.cudnn = convolutions.cudnn().filter(_ -> precision == Precision.FLOAT32).map(library -> new Cudnn(library, context, pool));
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
        if (graphs != null) {
            graphs.close();
        }
        products.close();
        cudnn.ifPresent(Cudnn::close);
        pool.close();
        staging.close();
        floats.close();
        if (kernels != floats) {
            kernels.close();
        }
        context.close();
    }
}
