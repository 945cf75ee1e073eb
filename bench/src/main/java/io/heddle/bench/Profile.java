package io.heddle.bench;

import io.heddle.attention.AttentionTaps;
import io.heddle.bench.KernelClock.Call;
import io.heddle.bench.KernelClock.Spent;
import io.heddle.tensor.Device;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints where the time of an evaluation of the network goes: by kernel, then by kernel and sizes. Argument: the number of rows, 1 by default, or
 * {@code null-text} for an update of null-text inversion.
 */
public final class Profile {
    private static final int WARM_UPS = 3;
    private static final int RUNS = 3;
    private static final int LINES = 40;

    private Profile() {}

    /** Prints the profile. */
    public static void main(String[] arguments) {
        String work = arguments.length == 0 ? "1" : arguments[0];
        KernelClock clock = new KernelClock();
        try (Device plain = Device.open("cpu", Integer.getInteger("heddle.bench.threads", 0))) {
            Device observed = Device.of(clock.around(plain.backend()));
            Spent whole = work.equals("null-text") ? update(observed, clock) : evaluation(observed, clock, Integer.parseInt(work));
            System.out.println(plain + ", " + work);
            print(clock.spent(), whole, RUNS);
        }
    }

    private static Spent update(Device device, KernelClock clock) {
        List<Spent> measured = NullTextIteration.updates(new RandomUNet(device, 1), false, WARM_UPS + RUNS, update -> {
            if (update == WARM_UPS) {
                clock.reset();
            } else if (update == WARM_UPS + RUNS) {
                clock.stop();
            }
        });
        return measured.subList(WARM_UPS, WARM_UPS + RUNS).stream().reduce(Spent.NOTHING, Spent::plus);
    }

    private static Spent evaluation(Device device, KernelClock clock, int rows) {
        RandomUNet unet = new RandomUNet(device, rows);
        run(device, unet, WARM_UPS);
        clock.reset();
        Spent start = Spent.now();
        run(device, unet, RUNS);
        return Spent.now().minus(start);
    }

    private static void run(Device device, RandomUNet unet, int times) {
        for (int i = 0; i < times; i++) {
            try (var _ = device.scope()) {
                unet.predict(AttentionTaps.none());
            }
        }
    }

    /** Prints what kernels took, on average over {@code runs} runs that took {@code whole} together. */
    static void print(Map<Call, Spent> spent, Spent whole, int runs) {
        Map<Call, Spent> byKernel = spent.entrySet().stream()
                .collect(Collectors.toMap(entry -> new Call(entry.getKey().kernel(), ""), Map.Entry::getValue, Spent::plus));
        Spent observed = byKernel.values().stream().reduce(Spent.NOTHING, Spent::plus);
        byKernel.put(new Call("outside of kernels", ""), whole.minus(observed));
        byKernel.put(new Call("all", ""), whole);
        System.out.println("  time   CPU s       s calls");
        printLines(byKernel, whole, runs);
        System.out.println();
        printLines(spent, whole, runs);
    }

    private static void printLines(Map<Call, Spent> spent, Spent whole, int runs) {
        spent.entrySet().stream()
                .sorted(Comparator.comparing(entry -> -entry.getValue().cpuNanoseconds()))
                .limit(LINES)
                .forEach(entry -> System.out.println(line(entry.getKey(), entry.getValue(), whole, runs)));
    }

    private static String line(Call call, Spent spent, Spent whole, int runs) {
        double share = 100.0 * spent.cpuNanoseconds() / whole.cpuNanoseconds();
        return String.format(
                Locale.ROOT,
                "%5.1f %% %7.3f %7.3f %5d  %s %s",
                share,
                spent.cpuSeconds() / runs,
                spent.seconds() / runs,
                spent.calls() / runs,
                call.kernel(),
                call.sizes());
    }
}
