package io.heddle.spi;

import java.util.Optional;

/** One way to compute: the primitives that tensors are made of, in coherent groups. */
public interface Backend extends AutoCloseable {
    /** What computes, for reports: the device, the libraries behind it and the number of threads. */
    String description();

    /** Allocation and transfer. */
    Memory memory();

    /** Element-by-element arithmetic. */
    Pointwise pointwise();

    /** Sums, maxima and softmax. */
    Reduction reduction();

    /** Copies that re-arrange. */
    Movement movement();

    /** Matrix products. */
    LinearKernels linear();

    /** Convolution. */
    Convolution convolution();

    /** Group and layer normalisation. */
    Normalization normalization();

    /** Attention. */
    AttentionKernels attention();

    /** Optimiser steps. */
    Optimisation optimisation();

    /** Recorded work, where that is faster than doing it call by call. */
    default Optional<Graphs> graphs() {
        return Optional.empty();
    }

    /** Waits until everything asked for has happened. */
    default void synchronize() {}

    @Override
    void close();
}
