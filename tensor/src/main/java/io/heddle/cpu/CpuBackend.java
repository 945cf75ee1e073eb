package io.heddle.cpu;

import io.heddle.spi.Backend;
import io.heddle.spi.Primitives;

/** The processor as a backend. */
final class CpuBackend implements Backend {
    private final Workers workers;
    private final Gemm gemm;
    private final Kernels kernels;
    private final HeapMemory memory = new HeapMemory();
    private final Primitives primitives;

    /** Primitives that run {@code kernels} on {@code workers} and multiply with {@code gemm}; closing the backend closes the workers. */
    CpuBackend(Workers workers, Kernels kernels, Gemm gemm) {
        this.workers = workers;
        this.gemm = gemm;
        this.kernels = kernels;
        CpuLinear linear = new CpuLinear(workers, gemm);
        this.primitives = new Primitives(
                memory,
                new CpuPointwise(workers, kernels),
                new CpuReduction(workers, kernels),
                new CpuMovement(workers, kernels),
                linear,
                new CpuConvolution(workers, gemm, linear),
                new CpuNormalization(workers, kernels),
                new CpuAttention(workers, kernels, gemm, PanelGemm.beside(gemm)),
                new CpuOptimisation(workers, kernels));
    }

    @Override
    public String description() {
        boolean both = PanelGemm.beside(gemm).isDirect() && !(gemm instanceof VectorGemm);
        return "CPU, products by " + gemm.name() + (both ? " and Vector API" : "") + ", kernels by " + kernels.name() + ", " + workers.threads()
                + (workers.threads() == 1 ? " thread" : " threads");
    }

    @Override
    public Primitives primitives() {
        return primitives;
    }

    @Override
    public void close() {
        workers.close();
        memory.clear();
    }
}
