package io.heddle.toyworld.training;

import io.heddle.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** One device for each shard of a batch, all at work at the same time. Shards that share nothing keep processors busier than threads that share a product. */
final class Crew implements AutoCloseable {
    private final List<Device> devices;
    private final ExecutorService threads;

    private Crew(List<Device> devices, ExecutorService threads) {
        this.devices = devices;
        this.threads = threads;
    }

    /**
     * Opens the devices.
     *
     * @param device its name, as {@link Device#open} has it
     * @param shards how many
     * @param threads processors to use; 0 takes all
     */
    static Crew open(String device, int shards, int threads) {
        int available = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        List<Device> devices = IntStream.range(0, shards).mapToObj(_ -> Device.open(device, Math.max(1, available / shards))).toList();
        return new Crew(devices,
                Executors.newFixedThreadPool(Math.min(shards, available), Thread.ofPlatform().daemon().name("heddle-shard-", 0).factory()));
    }

    int size() {
        return devices.size();
    }

    Device device(int shard) {
        return devices.get(shard);
    }

    /** Runs a task for each shard and returns the results in the order of the shards. */
    <T> List<T> each(IntFunction<T> task) {
        return each(size(), task);
    }

    /** Runs tasks 0 … {@code count} − 1; task i may use device i mod {@link #size} alone, and tasks of one device run one after the other. */
    <T> List<T> each(int count, IntFunction<T> task) {
        List<Future<List<T>>> running = new ArrayList<>();
        for (int shard = 0; shard < size(); shard++) {
            int first = shard;
            running.add(threads.submit(() -> IntStream.iterate(first, i -> i < count, i -> i + size()).mapToObj(task).toList()));
        }
        List<List<T>> results = running.stream().map(Crew::join).toList();
        return IntStream.range(0, count).mapToObj(i -> results.get(i % size()).get(i / size())).toList();
    }

    private static <T> T join(Future<T> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException("a training step was interrupted", e);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        devices.forEach(Device::close);
    }

    @Override
    public String toString() {
        return size() + " × " + devices.getFirst();
    }
}
