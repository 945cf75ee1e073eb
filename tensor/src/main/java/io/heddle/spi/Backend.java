package io.heddle.spi;

import java.util.Optional;

/** One way to compute: the primitives that tensors are made of, in coherent groups. */
public interface Backend extends AutoCloseable {
    /** What computes, for reports: the device, the libraries behind it and the number of threads. */
    String description();

    /** How elements are held; gradients exist in float32 alone. */
    default Precision precision() {
        return Precision.FLOAT32;
    }

    /** All groups of primitives, the same ones at every call. */
    Primitives primitives();

    /** Allocation and transfer. */
    default Memory memory() {
        return primitives().memory();
    }

    /** Element-by-element arithmetic. */
    default Pointwise pointwise() {
        return primitives().pointwise();
    }

    /** Sums, maxima and softmax. */
    default Reduction reduction() {
        return primitives().reduction();
    }

    /** Copies that re-arrange. */
    default Movement movement() {
        return primitives().movement();
    }

    /** Matrix products. */
    default LinearKernels linear() {
        return primitives().linear();
    }

    /** Convolution. */
    default Convolution convolution() {
        return primitives().convolution();
    }

    /** Group and layer normalisation. */
    default Normalization normalization() {
        return primitives().normalization();
    }

    /** Attention. */
    default AttentionKernels attention() {
        return primitives().attention();
    }

    /** Optimiser steps. */
    default Optimisation optimisation() {
        return primitives().optimisation();
    }

    /** Recorded work, where that is faster than doing it call by call. */
    default Optional<Graphs> graphs() {
        return Optional.empty();
    }

    /** Waits until everything asked for has happened. */
    default void synchronize() {}

    /** Seconds that pass on the device for what {@code work} asks of it, by the device's own clock where it has one. */
    default double seconds(Runnable work) {
        synchronize();
        long start = System.nanoTime();
        work.run();
        synchronize();
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    void close();
}
