package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.Optimisation;

/** Optimiser steps. */
final class CudaOptimisation implements Optimisation {
    private final KernelLibrary kernels;

    CudaOptimisation(KernelLibrary kernels) {
        this.kernels = kernels;
    }

    @Override
    public void adamInPlace(Buffer parameter, Buffer gradient, Buffer firstMoment, Buffer secondMoment, AdamStep step) {
        long n = parameter.length();
        AdamFactors factors = step.factors();
        kernels.launch("adam")
                .buffer(parameter)
                .buffer(gradient)
                .buffer(firstMoment)
                .buffer(secondMoment)
                .real(factors.decay())
                .real(factors.firstWeight())
                .real(factors.secondDecay())
                .real(factors.secondWeight())
                .real(factors.rootOfCorrection())
                .real(factors.epsilon())
                .real(factors.negativeStepSize())
                .count(n)
                .run(Grid.pointwise(n));
    }
}
