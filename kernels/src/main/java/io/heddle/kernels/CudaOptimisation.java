package io.heddle.kernels;

import io.heddle.spi.Buffer;
import io.heddle.spi.Optimisation;

/** Optimiser steps; what does not depend on the element is computed here, in double, then rounded, as PyTorch does. */
final class CudaOptimisation implements Optimisation {
    private final KernelLibrary kernels;

    CudaOptimisation(KernelLibrary kernels) {
        this.kernels = kernels;
    }

    @Override
    public void adamInPlace(Buffer parameter, Buffer gradient, Buffer firstMoment, Buffer secondMoment, AdamStep step) {
        long n = parameter.length();
        kernels.launch("adam")
                .buffer(parameter)
                .buffer(gradient)
                .buffer(firstMoment)
                .buffer(secondMoment)
                .real((float) (1 - step.learningRate() * step.weightDecay()))
                .real((float) (1 - step.beta1()))
                .real((float) step.beta2())
                .real((float) (1 - step.beta2()))
                .real((float) Math.sqrt(1 - Math.pow(step.beta2(), step.number())))
                .real((float) step.epsilon())
                .real((float) -(step.learningRate() / (1 - Math.pow(step.beta1(), step.number()))))
                .count(n)
                .run(Grid.pointwise(n));
    }
}
