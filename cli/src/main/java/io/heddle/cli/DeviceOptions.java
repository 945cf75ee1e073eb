package io.heddle.cli;

import io.heddle.tensor.Device;
import picocli.CommandLine.Option;

/** Where and how to compute. */
final class DeviceOptions {
    /** Arithmetic. */
    enum Precision { FP32, FP16 }

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "auto",
            description = "cpu, cuda, or cuda:N (default: cuda if it can be used, else cpu).")
    private String device;

    @Option(names = "--dtype", paramLabel = "TYPE", defaultValue = "fp32",
            description = "Arithmetic: fp32 (default: ${DEFAULT-VALUE}), or fp16 on CUDA for faster generation and edits without optimisation.")
    private Precision precision;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the CPU (default: all processors).")
    private int threads;

    /** Whether the fast mode is asked for. */
    boolean isFast() {
        return precision == Precision.FP16;
    }

    /** Opens the device. */
    Device open() {
        if (threads < 0) {
            throw new UserError("--threads is " + threads + ": expected 1 or more");
        }
        return Device.open(isFast() ? device + ",fp16" : device, threads);
    }
}
