package io.heddle.spi;

/**
 * How to open a backend.
 *
 * @param ordinal which device of its kind, from 0; or {@link #ANY}
 * @param threads threads of a CPU backend; 0 takes all processors
 * @param precision what the elements of buffers are
 */
public record BackendOptions(int ordinal, int threads, Precision precision) {
    /** The first device that can be used. */
    public static final int ANY = -1;
}
