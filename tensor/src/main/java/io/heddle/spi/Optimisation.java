package io.heddle.spi;

/** Optimiser steps on buffers. */
public interface Optimisation {
    /**
     * One step of Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay (Loshchilov and Hutter 2019) where it is not zero.
     *
     * @param parameter updated
     * @param gradient read
     * @param firstMoment updated
     * @param secondMoment updated
     * @param step the hyper-parameters and the step's number
     */
    void adamInPlace(Buffer parameter, Buffer gradient, Buffer firstMoment, Buffer secondMoment, AdamStep step);

    /**
     * The constants of one Adam step.
     *
     * @param number 1 for the first step
     * @param learningRate step size
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root of the second moment
     * @param weightDecay decoupled decay
     */
    record AdamStep(int number, double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {}
}
