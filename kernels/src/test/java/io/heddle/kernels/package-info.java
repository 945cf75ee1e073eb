/** Tests of the CUDA backend, most of them on the emulated driver. */
@NullMarked
package io.heddle.kernels;

import org.jspecify.annotations.NullMarked;
