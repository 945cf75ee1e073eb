package io.heddle.cpu;

/**
 * Which {@link Kernels} are used: those of the Vector API where its module is present, else plain Java; or those that the system property
 * {@code heddle.kernels} names: {@code vector} or {@code plain}.
 */
final class KernelChoice {
    private KernelChoice() {}

    /** The process's choice. */
    static Kernels chosen() {
        return named(System.getProperty("heddle.kernels", VectorApi.AVAILABLE ? "vector" : "plain"));
    }

    static Kernels named(String name) {
        return switch (name) {
            case "plain" -> new PlainKernels();
            case "vector" -> {
                if (!VectorApi.AVAILABLE) {
                    throw new IllegalStateException(
                            "-Dheddle.kernels=vector needs the Vector API; start Java with --add-modules jdk.incubator.vector");
                }
                yield new VectorKernels();
            }
            default -> throw new IllegalArgumentException("-Dheddle.kernels=" + name + " is unknown; expected vector or plain");
        };
    }
}
