package io.heddle.cpu;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.Backend;
import io.heddle.spi.Convolution;
import io.heddle.spi.LinearKernels;
import io.heddle.spi.Memory;
import io.heddle.spi.Movement;
import io.heddle.spi.Normalization;
import io.heddle.spi.Optimisation;
import io.heddle.spi.Pointwise;
import io.heddle.spi.Reduction;

/** The processor as a backend. */
final class CpuBackend implements Backend {
    private final Workers workers;
    private final Gemm gemm;
    private final Kernels kernels;
    private final Pointwise pointwise;
    private final Reduction reduction;
    private final Movement movement;
    private final Normalization normalization;
    private final AttentionKernels attention;
    private final Optimisation optimisation;
    private final HeapMemory memory = new HeapMemory();
    private final CpuLinear linear;
    private final CpuConvolution convolution;

    /** Primitives that run {@code kernels} on {@code workers} and multiply with {@code gemm}; closing the backend closes the workers. */
    CpuBackend(Workers workers, Kernels kernels, Gemm gemm) {
        this.workers = workers;
        this.gemm = gemm;
        this.kernels = kernels;
        this.pointwise = new CpuPointwise(workers, kernels);
        this.reduction = new CpuReduction(workers, kernels);
        this.movement = new CpuMovement(workers, kernels);
        this.normalization = new CpuNormalization(workers, kernels);
        this.optimisation = new CpuOptimisation(workers, kernels);
        this.attention = new CpuAttention(workers, kernels, gemm, PanelGemm.beside(gemm));
        this.linear = new CpuLinear(workers, gemm);
        this.convolution = new CpuConvolution(workers, gemm, linear);
    }

    @Override
    public String description() {
        boolean both = PanelGemm.beside(gemm).isDirect() && !(gemm instanceof VectorGemm);
        return "CPU, products by " + gemm.name() + (both ? " and Vector API" : "") + ", kernels by " + kernels.name() + ", " + workers.threads()
                + (workers.threads() == 1 ? " thread" : " threads");
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
    public void close() {
        workers.close();
        memory.clear();
    }
}
