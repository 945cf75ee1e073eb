package io.heddle.kernels;

import io.heddle.spi.Backend;
import io.heddle.spi.Convolution;
import io.heddle.spi.Graphs;
import io.heddle.spi.Primitives;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A CUDA device as a backend: float32 arithmetic without tensor cores, on one stream. */
final class CudaBackend implements Backend {
    /** The name of the kernels' module. */
    static final String MODULE = "heddle";

    private final CudaContext context;
    private final Staging staging;
    private final BlockPool pool;
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
     * @param convolutions what computes convolutions
     */
    CudaBackend(int ordinal, ProductChoice choice, ConvolutionChoice convolutions) {
        this.context = new CudaContext(ordinal);
        this.staging = new Staging(context);
        this.pool = new BlockPool(context);
        this.kernels = new KernelLibrary(context, KernelImage.of(MODULE, context.device().capability()));
        this.graphs = CudaGraphs.areWanted() ? new CudaGraphs(context, pool) : null;
        IndexTables indices = new IndexTables(context, pool, staging);
        DeviceMemory memory = new DeviceMemory(context, pool, staging);
        CudaPointwise pointwise = new CudaPointwise(kernels);
        CudaReduction reduction = new CudaReduction(kernels);
        this.products = choice.cublas()
                .<Products>map(library -> new CublasProducts(library, context, pool, memory, pointwise))
                .orElseGet(() -> new KernelProducts(kernels));
        this.cudnn = convolutions.cudnn().map(library -> new Cudnn(library, context, pool));
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

    /** The blocks behind the buffers. */
    BlockPool pool() {
        return pool;
    }

    @Override
    public String description() {
        return "CUDA device " + context.device() + ", products by " + products.name()
                + cudnn.map(library -> ", convolutions by " + library.name()).orElse("")
                + ", kernels of " + kernels.image();
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
    public void close() {
        synchronize();
        if (graphs != null) {
            graphs.close();
        }
        products.close();
        cudnn.ifPresent(Cudnn::close);
        pool.close();
        staging.close();
        kernels.close();
        context.close();
    }
}
