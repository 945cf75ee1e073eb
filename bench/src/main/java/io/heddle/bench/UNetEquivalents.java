package io.heddle.bench;

import io.heddle.attention.AttentionTaps;
import io.heddle.bench.KernelClock.Spent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Prints what steps cost in evaluations of the network at the size of Stable Diffusion 1.5: an evaluation with all cross-attention read, and a step of a
 * Prompt-to-Prompt edit with one target. They take turns in one process, so that what disturbs one disturbs all; the median of the turns' ratios is
 * printed. Argument: the number of turns, 5 by default.
 */
public final class UNetEquivalents {
    private static final int WARM_UPS = 2;

    private UNetEquivalents() {}

    /** Prints the table. */
    public static void main(String[] arguments) {
        int turns = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
        try (Device device = Device.open("cpu", Integer.getInteger("heddle.bench.threads", 0))) {
            System.out.println(device);
            RandomUNet unet = new RandomUNet(device, 1);
            P2pStep edit = new P2pStep(device, unet);
            AttentionTaps reading = new CrossAttentionReader().taps();
            Map<String, Supplier<Tensor>> work = new LinkedHashMap<>();
            work.put("evaluation", () -> unet.predict(AttentionTaps.none()));
            work.put("evaluation, all cross-attention read", () -> unet.predict(reading));
            work.put("Prompt-to-Prompt step, source sampled", edit::uncached);
            work.put("Prompt-to-Prompt step, source recorded", edit::cached);
            print(measure(device, work, turns));
        }
    }

    private static Map<String, List<Spent>> measure(Device device, Map<String, Supplier<Tensor>> work, int turns) {
        Map<String, List<Spent>> spent = new LinkedHashMap<>();
        for (int turn = -WARM_UPS; turn < turns; turn++) {
            for (Map.Entry<String, Supplier<Tensor>> one : work.entrySet()) {
                Spent start = Spent.now();
                try (var _ = device.scope()) {
                    one.getValue().get();
                }
                if (turn >= 0) {
                    spent.computeIfAbsent(one.getKey(), _ -> new ArrayList<>()).add(Spent.now().minus(start));
                }
            }
        }
        return spent;
    }

    private static void print(Map<String, List<Spent>> spent) {
        List<Spent> unit = spent.values().iterator().next();
        System.out.println("| work | s | processor s | evaluations by time | by processor time |\n|---|---|---|---|---|");
        spent.forEach((name, times) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.3f | %.3f | %.3f |%n",
                name,
                Report.median(times.stream().map(Spent::seconds).toList()),
                Report.median(times.stream().map(Spent::cpuSeconds).toList()),
                ratio(times, unit, Spent::seconds),
                ratio(times, unit, Spent::cpuSeconds)));
    }

    private static double ratio(List<Spent> times, List<Spent> unit, Function<Spent, Double> measure) {
        List<Double> ratios = new ArrayList<>();
        for (int turn = 0; turn < unit.size(); turn++) {
            ratios.add(measure.apply(times.get(turn)) / measure.apply(unit.get(turn)));
        }
        return Report.median(ratios);
    }
}
