package io.heddle.bench;

import io.heddle.bench.KernelClock.Spent;
import io.heddle.tensor.Device;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Times steps of training without the optimiser: forward, loss, backward to all weights. Each worker has a device of one thread, a network and a batch of
 * its own. Arguments: {@code denoiser} or {@code autoencoder}, workers, rows of a batch.
 *
 * <p>It works in turns, so that another process can take its turns in between: each line of the standard input is a number of steps, and each line of the
 * standard output what they took. After the line {@code profile} a step is printed kernel by kernel.
 */
public final class TrainingStep {
    private static final int PROFILED = 3;

    private TrainingStep() {}

    /** Takes turns until the input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        String network = arguments[0];
        int workers = Integer.parseInt(arguments[1]);
        int rows = Integer.parseInt(arguments[2]);
        List<Device> devices = IntStream.range(0, workers).mapToObj(_ -> Device.open("cpu", 1)).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(workers);
                BufferedReader turns = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            List<TrainedNetwork> networks = devices.stream().map(device -> TrainedNetwork.of(network, device, rows)).toList();
            for (String turn = turns.readLine(); turn != null; turn = turns.readLine()) {
                if (turn.equals("profile")) {
                    profile(network, devices.getFirst(), rows);
                } else {
                    int steps = Integer.parseInt(turn);
                    Spent spent = run(threads, devices, networks, steps);
                    System.out.printf(
                            Locale.ROOT, "{\"samples\": %d, \"seconds\": %.4f, \"cpu_seconds\": %.4f}%n", steps * workers * rows, spent.seconds(),
                            spent.cpuSeconds());
                }
            }
        } finally {
            devices.forEach(Device::close);
        }
    }

    private static Spent run(ExecutorService threads, List<Device> devices, List<TrainedNetwork> networks, int steps)
            throws InterruptedException, ExecutionException {
        Spent start = Spent.now();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
            Device device = devices.get(i);
            TrainedNetwork network = networks.get(i);
            running.add(threads.submit(() -> repeat(device, network, steps)));
        }
        for (Future<?> worker : running) {
            worker.get();
        }
        return Spent.now().minus(start);
    }

    private static void repeat(Device device, TrainedNetwork network, int steps) {
        for (int i = 0; i < steps; i++) {
            network.step(device);
        }
    }

    private static void profile(String name, Device plain, int rows) {
        KernelClock clock = new KernelClock();
        Device observed = Device.of(clock.around(plain.backend()));
        TrainedNetwork network = TrainedNetwork.of(name, observed, rows);
        repeat(observed, network, PROFILED);
        clock.reset();
        Spent start = Spent.now();
        repeat(observed, network, PROFILED);
        Profile.print(clock.spent(), Spent.now().minus(start), PROFILED);
    }
}
