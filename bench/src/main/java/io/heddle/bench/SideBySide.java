package io.heddle.bench;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Workers that take items from one list, each with tools of its own on a thread of its own: small networks keep processors busier that way than with threads
 * that share a product.
 *
 * @param <W> the tools of a worker
 */
public final class SideBySide<W extends SideBySide.Tools> implements AutoCloseable {
    private final List<W> tools;
    private final ExecutorService threads;

    /** What a worker works with. */
    public interface Tools extends AutoCloseable {
        @Override
        void close();
    }

    /** Workers, each with tools made for it. */
    public SideBySide(int workers, Supplier<W> made) {
        tools = Stream.generate(made).limit(workers).toList();
        threads = Executors.newFixedThreadPool(workers);
    }

    /** Does a task for each item; which worker does it is left open. */
    public <T> void each(List<T> items, BiConsumer<W, T> task) {
        Queue<T> waiting = new ConcurrentLinkedQueue<>(items);
        tools.stream().map(own -> CompletableFuture.runAsync(() -> {
            for (T item = waiting.poll(); item != null; item = waiting.poll()) {
                task.accept(own, item);
            }
        }, threads)).toList().forEach(CompletableFuture::join);
    }

    @Override
    public void close() {
        threads.close();
        tools.forEach(Tools::close);
    }
}
