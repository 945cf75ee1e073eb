package io.heddle.bench;

import io.heddle.attention.AttentionTaps;
import io.heddle.bench.KernelClock.Call;
import io.heddle.bench.KernelClock.Spent;
import io.heddle.tensor.Device;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints where the time of an evaluation of the network goes: by kernel, then by kernel and sizes. Argument: the number of rows, 1 by default. */
public final class Profile {
    private static final int WARM_UPS = 3;
    private static final int RUNS = 3;
    private static final int LINES = 40;

    private Profile() {}

    /** Prints the profile. */
    public static void main(String[] arguments) {
        int rows = arguments.length == 0 ? 1 : Integer.parseInt(arguments[0]);
        KernelClock clock = new KernelClock();
        try (Device plain = Device.open("cpu", Integer.getInteger("heddle.bench.threads", 0))) {
            Device observed = Device.of(clock.around(plain.backend()));
            RandomUNet unet = new RandomUNet(observed, rows);
            run(observed, unet, WARM_UPS);
            clock.reset();
            long start = System.nanoTime();
            run(observed, unet, RUNS);
            long whole = System.nanoTime() - start;
            System.out.println(plain + ", " + rows + " rows: " + seconds(whole));
            print(clock.spent(), whole);
        }
    }

    private static void run(Device device, RandomUNet unet, int times) {
        for (int i = 0; i < times; i++) {
            try (var _ = device.scope()) {
                unet.predict(AttentionTaps.none());
            }
        }
    }

    private static void print(Map<Call, Spent> spent, long whole) {
        Map<Call, Spent> byKernel = spent.entrySet().stream()
                .collect(Collectors.toMap(entry -> new Call(entry.getKey().kernel(), ""), Map.Entry::getValue, Spent::plus));
        long observed = byKernel.values().stream().mapToLong(Spent::nanoseconds).sum();
        byKernel.put(new Call("outside of kernels", ""), new Spent(RUNS, whole - observed));
        printLines(byKernel, whole);
        System.out.println();
        printLines(spent, whole);
    }

    private static void printLines(Map<Call, Spent> spent, long whole) {
        spent.entrySet().stream()
                .sorted(Map.Entry.comparingByValue((a, b) -> Long.compare(b.nanoseconds(), a.nanoseconds())))
                .limit(LINES)
                .forEach(entry -> System.out.printf(
                        Locale.ROOT,
                        "%5.1f %% %s %5d  %s %s%n",
                        100.0 * entry.getValue().nanoseconds() / whole,
                        seconds(entry.getValue().nanoseconds()),
                        entry.getValue().calls() / RUNS,
                        entry.getKey().kernel(),
                        entry.getKey().sizes()));
    }

    private static String seconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%7.3f s", nanoseconds / 1e9 / RUNS);
    }
}
