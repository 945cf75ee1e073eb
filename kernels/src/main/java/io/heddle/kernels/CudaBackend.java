package io.heddle.kernels;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.Backend;
import io.heddle.spi.Convolution;
import io.heddle.spi.Graphs;
import io.heddle.spi.LinearKernels;
import io.heddle.spi.Memory;
import io.heddle.spi.Movement;
import io.heddle.spi.Normalization;
import io.heddle.spi.Optimisation;
import io.heddle.spi.Pointwise;
import io.heddle.spi.Reduction;
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
    private final DeviceMemory memory;
    private final @Nullable CudaGraphs graphs;
    private final Products products;
    private final Optional<Cudnn> cudnn;
    private final CudaPointwise pointwise;
    private final CudaReduction reduction;
    private final Movement movement;
    private final CudaLinear linear;
    private final Convolution convolution;
    private final Normalization normalization;
    private final AttentionKernels attention;
    private final Optimisation optimisation;

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
        this.memory = new DeviceMemory(context, pool, staging);
        this.graphs = CudaGraphs.areWanted() ? new CudaGraphs(context, pool) : null;
        IndexTables indices = new IndexTables(context, pool, staging);
        this.pointwise = new CudaPointwise(kernels);
        this.products = products(choice);
        this.reduction = new CudaReduction(kernels);
        this.movement = new CudaMovement(kernels, indices);
        this.linear = new CudaLinear(products, reduction);
        this.cudnn = convolutions.cudnn().map(library -> new Cudnn(library, context, pool));
        CudaConvolution ownConvolution = new CudaConvolution(kernels, linear, reduction);
        this.convolution = cudnn.<Convolution>map(library -> new CudnnConvolution(library, ownConvolution, memory, pointwise, reduction))
                .orElse(ownConvolution);
        this.normalization = new CudaNormalization(kernels, memory);
        this.attention = new CudaAttention(kernels, indices, memory, reduction);
        this.optimisation = new CudaOptimisation(kernels);
    }

    private Products products(ProductChoice choice) {
        return choice.cublas()
                .<Products>map(library -> new CublasProducts(library, context, pool, memory, pointwise))
                .orElseGet(() -> new KernelProducts(kernels));
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
    public Memory memory() {
        return memory;
    }

    @Override
    public Pointwise pointwise() {
        return pointwise;
    }

    @Override
    public Reduction reduction() {
        return reduction;
    }

    @Override
    public Movement movement() {
        return movement;
    }

    @Override
    public LinearKernels linear() {
        return linear;
    }

    @Override
    public Convolution convolution() {
        return convolution;
    }

    @Override
    public Normalization normalization() {
        return normalization;
    }

    @Override
    public AttentionKernels attention() {
        return attention;
    }

    @Override
    public Optimisation optimisation() {
        return optimisation;
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
