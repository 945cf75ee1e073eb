package io.heddle.files;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * The end of the program (a signal, ctrl-C), held back until work has saved its state. Only then are unfinished files removed, so that the work may write
 * while it ends.
 *
 * <pre>{@code
 * try (Interruption interruption = new Interruption()) {
 *     while (!finished && !interruption.asked()) {
 *         step();
 *     }
 *     save();
 * }
 * }</pre>
 */
public final class Interruption implements AutoCloseable {
    private static final Set<Interruption> OPEN = ConcurrentHashMap.newKeySet();

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "heddle-interrupted");
    private volatile boolean asked;

    /** Holds the end back from now on. */
    public Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
        OPEN.add(this);
    }

    private void end() {
        asked = true;
        try {
            finished.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until nothing holds the end back. */
    static void awaitWork() {
        OPEN.forEach(Interruption::end);
    }

    /** Whether the program is to end. */
    public boolean asked() {
        return asked;
    }

    /** Says that nothing is left to save. */
    @Override
    public void close() {
        OPEN.remove(this);
        finished.countDown();
        if (!asked) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
