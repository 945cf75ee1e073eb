/**
 * What a backend must do: memory, pointwise arithmetic, reductions, data movement, matrix products, convolution, normalisation, attention and
 * optimiser steps on contiguous row-major float32 buffers.
 *
 * <p>The interfaces see {@link io.heddle.spi.Buffer} and small shape records, never a tensor and never a gradient tape. Outputs are allocated by the
 * caller and never alias an input unless the method's name ends in {@code InPlace}. Images are channels-last. A backend may use any algorithm as long
 * as row {@code i} of a result has the same bits whatever the other rows and the number of threads are.
 */
@NullMarked
package io.heddle.spi;

import org.jspecify.annotations.NullMarked;
