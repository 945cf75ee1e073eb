package io.heddle.bench;

import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the benches of a device share: how they run, and the measured method. The system property {@code heddle.bench.device} names the device, by default
 * {@code cpu}; {@code heddle.bench.threads} sets the number of threads; without it all processors work.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:+UseG1GC", "-Xms6g", "-Xmx10g"})
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public abstract class DeviceBench {
    private Device device;
    private Uniform uniform;
    private Supplier<Tensor> work;

    /** A bench whose device opens with the trial. */
    protected DeviceBench() {}

    /** Makes the operands and answers the measured work. */
    abstract Supplier<Tensor> prepare();

    /** Opens the device and makes the operands. */
    @Setup
    public void open() {
        device = Device.open(System.getProperty("heddle.bench.device", "cpu"), Integer.getInteger("heddle.bench.threads", 0));
        uniform = new Uniform(device);
        work = prepare();
    }

    /** Does the work once and gives the result's memory back. */
    @Benchmark
    public Shape run() {
        Shape shape = start();
        device.backend().synchronize();
        return shape;
    }

    /** Asks the device for the work and does not wait. */
    Shape start() {
        try (var _ = device.scope()) {
            return work.get().shape();
        }
    }

    /** Closes the device. */
    @TearDown
    public void close() {
        device.close();
    }

    Device device() {
        return device;
    }

    /** A tensor of uniform numbers between −1 and 1. */
    Tensor uniform(int... dims) {
        return uniform.tensor(dims);
    }
}
