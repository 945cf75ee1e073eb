package io.heddle.cpu;

import io.heddle.spi.Buffer;
import io.heddle.spi.Optimisation;

/** Optimiser steps. */
final class CpuOptimisation implements Optimisation {
    private final Workers workers;
    private final Kernels kernels;

    CpuOptimisation(Workers workers, Kernels kernels) {
        this.workers = workers;
        this.kernels = kernels;
    }

    @Override
    public void adamInPlace(Buffer parameter, Buffer gradient, Buffer firstMoment, Buffer secondMoment, AdamStep step) {
        HeapBuffer p = HeapBuffer.of(parameter);
        HeapBuffer g = HeapBuffer.of(gradient);
        HeapBuffer m = HeapBuffer.of(firstMoment);
        HeapBuffer v = HeapBuffer.of(secondMoment);
        Chunks.ofElements(p.size()).run(workers, (at, n) -> kernels.adam(
                step, p.array(), p.offset() + at, g.array(), g.offset() + at, m.array(), m.offset() + at, v.array(), v.offset() + at, n));
    }
}
