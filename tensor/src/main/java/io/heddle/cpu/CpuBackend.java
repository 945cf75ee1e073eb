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
    private final HeapMemory memory = new HeapMemory();

    /** Kernels that run on {@code workers} and multiply with {@code gemm}; closing the backend closes the workers. */
    CpuBackend(Workers workers, Gemm gemm) {
        this.workers = workers;
        this.gemm = gemm;
    }

    @Override
    public String description() {
        return "CPU, " + gemm.name() + ", " + workers.threads() + (workers.threads() == 1 ? " thread" : " threads");
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public Pointwise pointwise() {
        throw new UnsupportedOperationException("pointwise");
    }

    @Override
    public Reduction reduction() {
        throw new UnsupportedOperationException("reduction");
    }

    @Override
    public Movement movement() {
        throw new UnsupportedOperationException("movement");
    }

    @Override
    public LinearKernels linear() {
        throw new UnsupportedOperationException("linear");
    }

    @Override
    public Convolution convolution() {
        throw new UnsupportedOperationException("convolution");
    }

    @Override
    public Normalization normalization() {
        throw new UnsupportedOperationException("normalization");
    }

    @Override
    public AttentionKernels attention() {
        throw new UnsupportedOperationException("attention");
    }

    @Override
    public Optimisation optimisation() {
        throw new UnsupportedOperationException("optimisation");
    }

    @Override
    public void close() {
        workers.close();
        memory.clear();
    }
}
