package io.heddle.spi;

/** Finds out whether a backend works on this machine, and opens it. Found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** The name users type: {@code cpu} or {@code cuda}. */
    String name();

    /** Among usable backends the one with the highest priority is the default. The CPU has 0. */
    int priority();

    /** Whether the backend can be opened here, on one of its devices at least, and why not. */
    Availability probe();

    /**
     * Opens it.
     *
     * @param options which device and how many threads
     * @throws io.heddle.tensor.DeviceException if that device does not exist or cannot be used; the message has the reason
     */
    Backend open(BackendOptions options);
}
