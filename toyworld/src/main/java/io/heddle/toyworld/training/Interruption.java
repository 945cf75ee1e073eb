package io.heddle.toyworld.training;

import java.util.concurrent.CountDownLatch;

/** The end of the program (a signal, ctrl-C), held back until a training has saved its state. */
final class Interruption implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "heddle-training-interrupted");
    private volatile boolean asked;

    /** Holds the end back from now on. */
    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end() {
        asked = true;
        try {
            finished.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the program is to end. */
    boolean asked() {
        return asked;
    }

    /** Says that nothing is left to save. */
    @Override
    public void close() {
        finished.countDown();
        if (!asked) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
