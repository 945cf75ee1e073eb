package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkersTest {
    @Test
    void everyTask_runsOnce() {
        for (int threads = 1; threads <= 4; threads++) {
            try (Workers workers = new Workers(threads)) {
                for (int tasks = 0; tasks < 40; tasks++) {
                    AtomicIntegerArray runs = new AtomicIntegerArray(40);
                    workers.run(tasks, runs::incrementAndGet);
                    for (int i = 0; i < 40; i++) {
                        assertThat(runs.get(i)).isEqualTo(i < tasks ? 1 : 0);
                    }
                }
            }
        }
    }

    @Test
    void tasks_runOnSeveralThreadsAtOnce() {
        try (Workers workers = new Workers(3)) {
            CountDownLatch all = new CountDownLatch(3);
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            workers.run(3, _ -> {
                threads.add(Thread.currentThread());
                all.countDown();
                awaitZero(all);
            });
            assertThat(threads).hasSize(3).contains(Thread.currentThread());
        }
    }

    @Test
    void exception_reachesTheCaller_andTheWorkersGoOn() {
        try (Workers workers = new Workers(2)) {
            for (int failing = 0; failing < 10; failing++) {
                int index = failing;
                assertThatThrownBy(() -> workers.run(10, i -> fail(i == index))).isInstanceOf(ArithmeticException.class);
                AtomicInteger runs = new AtomicInteger();
                workers.run(10, _ -> runs.incrementAndGet());
                assertThat(runs).hasValue(10);
            }
        }
    }

    @Test
    void nestedRun_runsOnItsOwnThread() {
        try (Workers workers = new Workers(2)) {
            AtomicInteger runs = new AtomicInteger();
            workers.run(4, _ -> {
                Thread outer = Thread.currentThread();
                workers.run(5, _ -> {
                    assertThat(Thread.currentThread()).isSameAs(outer);
                    runs.incrementAndGet();
                });
            });
            assertThat(runs).hasValue(20);
        }
    }

    @Test
    void severalCallers_shareTheWorkers() throws InterruptedException {
        try (Workers workers = new Workers(2)) {
            AtomicInteger runs = new AtomicInteger();
            Thread[] callers = new Thread[3];
            for (int i = 0; i < callers.length; i++) {
                callers[i] = Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < 50; n++) {
                        workers.run(7, _ -> runs.incrementAndGet());
                    }
                });
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(runs).hasValue(3 * 50 * 7);
        }
    }

    @Test
    void noThreads_areRefused() {
        assertThatThrownBy(() -> new Workers(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0 threads");
    }

    private static void fail(boolean really) {
        if (really) {
            throw new ArithmeticException();
        }
    }

    private static void awaitZero(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
