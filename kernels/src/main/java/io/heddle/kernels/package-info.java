/** The CUDA backend: kernels of our own, and cuBLAS for plain matrix products. */
@NullMarked
package io.heddle.kernels;

import org.jspecify.annotations.NullMarked;
