package io.heddle.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels.LinearShape;
import io.heddle.spi.Memory;
import io.heddle.spi.Precision;
import io.heddle.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a device takes for the rows of the tables, as shares of what it reaches at best: the larger of the time that its own rate of products and
 * its own rate of copying would need for the row's operations and bytes. Work is asked for many times between two readings of the device's clock, so that a
 * device that works beside the processor is never idle.
 *
 * <p>Arguments: {@code --device cuda,fp16}, once for each table, by default float32 and half precision of the first CUDA device; {@code --json FILE} for the
 * results; {@code --peer FILE} with those of {@code peers/gpu.py}; {@code --seconds}, {@code --product} and {@code --copy} for the time of a row, the edge
 * of the matrices and the elements that the device's own rates are measured with; and rows, without which those of attention, linear layers, convolutions,
 * the network and its edits are taken.
 */
public final class DeviceTable {
    private static final List<String> ROWS = List.of(
            "attention:4096x4096x8x40", "attention:1024x1024x8x80", "attention:256x256x8x160", "attention:4096x77x8x40", "attention:4096x4096x1x512",
            "gemm:4096x320x320", "gemm:4096x2560x320", "gemm:1024x5120x640", "gemm:256x1280x1280", "gemm:2048x2048x2048", "conv:64x64x320x320",
            "conv:64x64x960x320", "conv:32x32x640x640", "conv:16x16x1280x1280", "conv:8x8x1280x1280", "conv:512x512x128x128", "unet:1", "unet:2",
            "unet:4", "p2p_step:4", "p2p_step:2");
    /** Follows the names of rows in half precision. */
    private static final String HALF = ",fp16";

    private final String device;
    private final Effort effort;
    private double operationsPerSecond;
    private double bytesPerSecond;
    private double elementBytes;

    private DeviceTable(String device, Effort effort) {
        this.device = device;
        this.effort = effort;
    }

    /**
     * How long is measured, and with how much.
     *
     * @param seconds of a row
     * @param product edge of the matrices that tell the rate of products
     * @param copy elements that tell the rate of copying
     */
    private record Effort(double seconds, int product, long copy) {
        static Effort of(String... arguments) {
            return new Effort(Double.parseDouble(option(arguments, "--seconds").orElse("1")),
                    Integer.parseInt(option(arguments, "--product").orElse("8192")), Long.parseLong(option(arguments, "--copy").orElse("268435456")));
        }
    }

    /** Prints the table. */
    public static void main(String[] arguments) {
        Optional<JsonObject> peer = option(arguments, "--peer").map(DeviceTable::rows);
        JsonObject results = new JsonObject();
        for (String device : devices(arguments)) {
            new DeviceTable(device, Effort.of(arguments)).print(named(arguments), peer, results);
        }
        Optional<String> json = option(arguments, "--json");
        if (json.isPresent()) {
            JsonObject report = new JsonObject();
            report.addProperty("library", "Heddle");
            report.add("rows", results);
            String text = new GsonBuilder().setPrettyPrinting().create().toJson(report);
            AtomicFile.write(Path.of(json.get()), Existing.REPLACE, file -> Files.writeString(file, text));
        }
    }

    private static Optional<String> option(String[] arguments, String name) {
        int at = List.of(arguments).indexOf(name);
        return at < 0 || at + 1 == arguments.length ? Optional.empty() : Optional.of(arguments[at + 1]);
    }

    private static List<String> devices(String... arguments) {
        List<String> devices =
                IntStream.range(1, arguments.length).filter(i -> arguments[i - 1].equals("--device")).mapToObj(i -> arguments[i]).toList();
        return devices.isEmpty() ? List.of("cuda", "cuda" + HALF) : devices;
    }

    private static List<String> named(String[] arguments) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith("--")) {
                i++;
            } else {
                rows.add(arguments[i]);
            }
        }
        return rows.isEmpty() ? ROWS : rows;
    }

    private static JsonObject rows(String file) {
        try {
            return JsonParser.parseString(Files.readString(Path.of(file))).getAsJsonObject().getAsJsonObject("rows");
        } catch (IOException e) {
            throw new IllegalArgumentException("the peer's results " + file + " cannot be read", e);
        }
    }

    private void print(List<String> rows, Optional<JsonObject> peer, JsonObject results) {
        try (Device opened = Device.open(device, Integer.getInteger("heddle.bench.threads", 0))) {
            System.out.println(opened);
            elementBytes = opened.backend().precision() == Precision.FLOAT16 ? Short.BYTES : Float.BYTES;
            operationsPerSecond = productRate(opened);
            bytesPerSecond = copyRate(opened);
        }
        System.out.printf(Locale.ROOT, "products %.1f TFLOP/s, copies %.0f GB/s%n%n", operationsPerSecond / 1e12, bytesPerSecond / 1e9);
        System.out.println("| row | ms | TFLOP/s | share of what the device reaches | PyTorch, ms | ratio |\n|---|---|---|---|---|---|");
        for (String row : rows) {
            String name = device.endsWith(HALF) ? row + HALF : row;
            double seconds = seconds(row);
            JsonObject result = new JsonObject();
            result.addProperty("seconds", seconds);
            results.add(name, result);
            @Nullable Double other =
                    peer.filter(known -> known.has(name)).map(known -> known.getAsJsonObject(name).get("seconds").getAsDouble()).orElse(null);
            System.out.println(line(row, seconds, other));
        }
        System.out.println();
    }

    private double seconds(String row) {
        System.setProperty("heddle.bench.device", device);
        DeviceBench bench = bench(row);
        bench.open();
        try {
            return seconds(bench.device().backend(), bench::start);
        } finally {
            bench.close();
        }
    }

    private static DeviceBench bench(String row) {
        return switch (Workload.parse(row)) {
            case Workload.Attention _ -> {
                AttentionBench bench = new AttentionBench();
                bench.row = row;
                yield bench;
            }
            case Workload.Gemm _ -> {
                GemmBench bench = new GemmBench();
                bench.row = row;
                bench.provider = "openblas";
                yield bench;
            }
            case Workload.Conv _ -> {
                ConvolutionBench bench = new ConvolutionBench();
                bench.row = row;
                yield bench;
            }
            case Workload.UNet _ -> {
                UNetBench bench = new UNetBench();
                bench.row = row;
                yield bench;
            }
            case Workload.P2pStep _ -> {
                P2pStepBench bench = new P2pStepBench();
                bench.row = row;
                yield bench;
            }
            default -> throw new IllegalArgumentException("the row " + row + " is not among those of devices");
        };
    }

    /** Seconds of one run: as many as fit into the time of a row, after two that warm up and one that tells how many these are. */
    private double seconds(Backend backend, Runnable work) {
        time(backend, work, 2);
        int count = (int) Math.clamp(effort.seconds / time(backend, work, 1), 1, 10_000);
        return time(backend, work, count);
    }

    private static double time(Backend backend, Runnable work, int count) {
        return backend.seconds(() -> IntStream.range(0, count).forEach(_ -> work.run())) / count;
    }

    private double productRate(Device device) {
        Memory memory = device.backend().memory();
        int edge = effort.product;
        long size = (long) edge * edge;
        Buffer a = memory.allocate(size);
        Buffer b = memory.allocate(size);
        Buffer c = memory.allocate(size);
        memory.fill(a, 1);
        memory.fill(b, 1);
        LinearShape shape = new LinearShape(1, edge, edge, edge);
        double seconds = seconds(device.backend(), () -> device.backend().linear().linear(a, b, null, null, shape, c));
        List.of(a, b, c).forEach(memory::release);
        return 2.0 * size * edge / seconds;
    }

    private double copyRate(Device device) {
        Memory memory = device.backend().memory();
        Buffer from = memory.allocate(effort.copy);
        Buffer to = memory.allocate(effort.copy);
        memory.fill(from, 1);
        double seconds = seconds(device.backend(), () -> memory.copy(from, to));
        List.of(from, to).forEach(memory::release);
        return 2 * effort.copy * elementBytes / seconds;
    }

    private String line(String row, double seconds, @Nullable Double peer) {
        Workload workload = Workload.parse(row);
        double best = Math.max(workload.operations() / operationsPerSecond, workload.elements() * elementBytes / bytesPerSecond);
        String own = String.format(
                Locale.ROOT, "| %s | %.3f | %.2f | %.0f %% |", row, 1e3 * seconds, workload.operations() / seconds / 1e12, 100 * best / seconds);
        return own + (peer == null ? " | |" : String.format(Locale.ROOT, " %.3f | %.2f |", 1e3 * peer, seconds / peer));
    }
}
