/**
 * Tensors: shaped float32 values in the memory of a device, the differentiable operations on them, lexical lifetimes, and the tape that gradients are
 * computed from.
 *
 * <p>Each operation is one small class with its forward and its derivative side by side. Images are channels-last {@code [rows, height, width,
 * channels]}, tokens {@code [rows, tokens, channels]}. In inference row {@code i} of a result has the same bits whatever the other rows are.
 */
@NullMarked
package io.heddle.tensor;

import org.jspecify.annotations.NullMarked;
