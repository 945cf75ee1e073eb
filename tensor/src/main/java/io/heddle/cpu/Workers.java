package io.heddle.cpu;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that share the tasks of one operation, the calling thread among them. A task takes a number from 0 and must write only
 * what belongs to that number: then no result depends on the number of threads.
 */
final class Workers implements AutoCloseable {
    private static final ThreadLocal<Boolean> INSIDE_TASK = ThreadLocal.withInitial(() -> false);

    private final int threads;
    private final @Nullable ExecutorService helpers;

    /** {@code threads} threads in all; 1 runs everything on the caller. */
    Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("the CPU backend was asked for " + threads + " threads; it needs at least 1");
        }
        this.threads = threads;
        AtomicInteger number = new AtomicInteger();
        this.helpers = threads == 1 ? null : Executors.newFixedThreadPool(threads - 1, run -> helper(run, number.incrementAndGet()));
    }

    private static Thread helper(Runnable run, int number) {
        return Thread.ofPlatform().daemon().name("heddle-cpu-" + number).unstarted(run);
    }

    /** The number of threads, the calling one included. */
    int threads() {
        return threads;
    }

    /**
     * Runs {@code task} for 0 … {@code tasks} − 1 and returns when all have ended. What a task throws is thrown here, after the running tasks have
     * ended; tasks not yet begun are then left out. Called from inside a task it runs inline.
     */
    void run(int tasks, IntConsumer task) {
        if (helpers == null || tasks <= 1 || INSIDE_TASK.get()) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
            return;
        }
        Job job = new Job(tasks, task);
        for (int i = Math.min(threads, tasks) - 1; i > 0; i--) {
            helpers.execute(job);
        }
        job.run();
        job.await();
    }

    @Override
    public void close() {
        if (helpers != null) {
            helpers.shutdown();
        }
    }

    /** One call of {@link #run}. */
    private static final class Job implements Runnable {
        private static final int SPINS = 2_000;

        private final int tasks;
        private final IntConsumer task;
        private final Thread caller = Thread.currentThread();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger unfinished;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(int tasks, IntConsumer task) {
            this.tasks = tasks;
            this.task = task;
            this.unfinished = new AtomicInteger(tasks);
        }

        @Override
        public void run() {
            INSIDE_TASK.set(true);
            try {
                for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                    runOne(i);
                    if (unfinished.decrementAndGet() == 0) {
                        LockSupport.unpark(caller);
                    }
                }
            } finally {
                INSIDE_TASK.set(false);
            }
        }

        private void runOne(int index) {
            if (failure.get() != null) {
                return;
            }
            try {
                task.accept(index);
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        }

        void await() {
            for (int i = 0; unfinished.get() > 0; i++) {
                if (i < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            switch (failure.get()) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }
}
