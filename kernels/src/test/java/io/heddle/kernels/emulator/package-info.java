/** The CUDA driver on machines without a GPU: kernels compiled for the host, run thread by thread. */
@NullMarked
package io.heddle.kernels.emulator;

import org.jspecify.annotations.NullMarked;
