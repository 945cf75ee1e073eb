package io.heddle.cpu;

import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which {@link Gemm} is used: OpenBLAS, else the Vector API, else plain Java; or the one that the system property {@code heddle.gemm} names:
 * {@code openblas}, {@code vector} or {@code plain}.
 */
enum GemmChoice {
    /** {@link OpenBlasGemm}. */
    OPENBLAS(OpenBlasGemm::new),
    /** {@link VectorGemm}. */
    VECTOR(GemmChoice::vector),
    /** {@link PlainGemm}. */
    PLAIN(PlainGemm::new);

    private static final Logger LOG = LoggerFactory.getLogger(GemmChoice.class);

    private static @Nullable Gemm chosen;

    private final Supplier<Gemm> provider;

    GemmChoice(Supplier<Gemm> provider) {
        this.provider = provider;
    }

    /**
     * Opens it.
     *
     * @throws UnsupportedOperationException if it cannot work here; the message says why
     */
    Gemm open() {
        return provider.get();
    }

    /**
     * The process's choice, made once.
     *
     * @throws IllegalArgumentException if the system property names none
     * @throws IllegalStateException if the one it names cannot work here
     */
    static synchronized Gemm chosen() {
        if (chosen == null) {
            chosen = choose(System.getProperty("heddle.gemm"));
        }
        return chosen;
    }

    private static Gemm choose(@Nullable String named) {
        for (GemmChoice choice : values()) {
            if (named == null || choice.name().equalsIgnoreCase(named)) {
                try {
                    return choice.open();
                } catch (UnsupportedOperationException e) {
                    String sentence = choice.name().toLowerCase(Locale.ROOT) + " matrix products are not used: " + e.getMessage();
                    if (named != null) {
                        throw new IllegalStateException(sentence, e);
                    }
                    LOG.info(sentence);
                }
            }
        }
        throw new IllegalArgumentException("-Dheddle.gemm=" + named + " is unknown; expected openblas, vector or plain");
    }

    private static Gemm vector() {
        if (!VectorApi.AVAILABLE) {
            throw new UnsupportedOperationException("the Vector API is off; start Java with --add-modules jdk.incubator.vector");
        }
        return new VectorGemm();
    }
}
