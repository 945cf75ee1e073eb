package io.heddle.spi;

/**
 * What a backend computes with, in coherent groups.
 *
 * @param memory allocation and transfer
 * @param pointwise element-by-element arithmetic
 * @param reduction sums, maxima and softmax
 * @param movement copies that re-arrange
 * @param linear matrix products
 * @param convolution convolution
 * @param normalization group and layer normalisation
 * @param attention attention
 * @param optimisation optimiser steps
 */
public record Primitives(
        Memory memory,
        Pointwise pointwise,
        Reduction reduction,
        Movement movement,
        LinearKernels linear,
        Convolution convolution,
        Normalization normalization,
        AttentionKernels attention,
        Optimisation optimisation) {}
