package io.heddle.kernels;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What computes matrix products: cuBLAS where it is found, else kernels of our own; or the one that the system property {@code heddle.cuda.products}
 * names: {@code cublas} or {@code kernels}.
 *
 * @param cublas the library, if it is to be used
 * @param reason for reports: what is used, and why not cuBLAS
 */
record ProductChoice(Optional<CublasLibrary> cublas, String reason) {
    /** The property that names one. */
    static final String PROPERTY = "heddle.cuda.products";

    /** Kernels of our own, which need no library. */
    static ProductChoice kernels(String why) {
        return new ProductChoice(Optional.empty(), "own kernels" + why);
    }

    /**
     * The choice for this process.
     *
     * @throws IllegalArgumentException if the property names none
     * @throws UnsupportedOperationException if it names cuBLAS, which is missing
     */
    static ProductChoice chosen() {
        @Nullable String named = System.getProperty(PROPERTY);
        if (named != null && !named.equals("cublas") && !named.equals("kernels")) {
            throw new IllegalArgumentException("-D" + PROPERTY + "=" + named + " is unknown; expected cublas or kernels");
        }
        if ("kernels".equals(named)) {
            return kernels("");
        }
        Optional<CublasLibrary> found = CublasLibrary.find();
        if (found.isEmpty() && named != null) {
            throw new UnsupportedOperationException("cuBLAS is missing: " + CublasLibrary.missing());
        }
        return found.isPresent() ? new ProductChoice(found, "cuBLAS of " + found.get()) : kernels(", as " + CublasLibrary.missing());
    }
}
