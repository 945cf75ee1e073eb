package io.heddle.toyworld.training;

import java.util.concurrent.CountDownLatch;

/** The request to stop a training. When it is the program that is to end (a signal, ctrl-C), the end waits until the training has saved its state. */
final class Interruption implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "heddle-training-interrupted");
    private volatile boolean asked;
    private volatile boolean ending;

    /** Begins to listen. */
    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end() {
        ending = true;
        asked = true;
        try {
            finished.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks for it without a signal. */
    void ask() {
        asked = true;
    }

    /** Whether the training is to end. */
    boolean asked() {
        return asked;
    }

    /** Says that nothing is left to save. */
    @Override
    public void close() {
        finished.countDown();
        if (!ending) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
