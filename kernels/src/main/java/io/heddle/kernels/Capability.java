package io.heddle.kernels;

/**
 * A generation of devices, written {@code sm_86} for 8.6.
 *
 * @param major code compiled for another major number does not run
 * @param minor code compiled for a smaller one runs
 */
record Capability(int major, int minor) {
    /** The earliest generation that the kernels are compiled for. */
    static final Capability LEAST = new Capability(7, 5);

    /** As a number: 86 for 8.6. */
    int number() {
        return 10 * major + minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
