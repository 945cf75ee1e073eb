package io.heddle.cpu;

import java.util.Locale;
import java.util.function.Supplier;
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

    /** The process's choice, made once. */
    static Gemm chosen() {
        return Chosen.GEMM;
    }

    private static Gemm vector() {
        if (!VectorApi.AVAILABLE) {
            throw new UnsupportedOperationException("the Vector API is off; start Java with --add-modules jdk.incubator.vector");
        }
        return new VectorGemm();
    }

    private static final class Chosen {
        static final Gemm GEMM = choose();

        private static Gemm choose() {
            String named = System.getProperty("heddle.gemm");
            for (GemmChoice choice : values()) {
                if (named == null || choice.name().equalsIgnoreCase(named)) {
                    try {
                        return choice.open();
                    } catch (UnsupportedOperationException e) {
                        refuse(choice, e, named != null);
                    }
                }
            }
            throw new IllegalArgumentException("-Dheddle.gemm=" + named + " is unknown; expected openblas, vector or plain");
        }

        private static void refuse(GemmChoice choice, UnsupportedOperationException reason, boolean demanded) {
            String sentence = choice.name().toLowerCase(Locale.ROOT) + " matrix products are not used: " + reason.getMessage();
            if (demanded) {
                throw new IllegalStateException(sentence, reason);
            }
            LOG.info(sentence);
        }
    }
}
