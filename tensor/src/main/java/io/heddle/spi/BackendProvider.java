package io.heddle.spi;

/** Finds out whether a backend works on this machine, and opens it. Found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** The name users type: {@code cpu} or {@code cuda}. */
    String name();

    /** Among usable backends the one with the highest priority is the default. The CPU has 0. */
    int priority();

    /** Whether the backend can be opened here, and why not. */
    Availability probe();

    /**
     * Opens it.
     *
     * @param options which device and how many threads
     */
    Backend open(BackendOptions options);
}
