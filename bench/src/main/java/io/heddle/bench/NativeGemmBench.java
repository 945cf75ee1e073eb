package io.heddle.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What OpenBLAS does on this machine without us: the best of these rates is the peak that all rows are compared with. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class NativeGemmBench {
    /** The row of the table. */
    @Param({"gemm:4096x320x320", "gemm:4096x2560x320", "gemm:4096x320x1280", "gemm:1024x5120x640", "gemm:256x1280x1280", "gemm:64x10240x1280",
        "gemm:2048x2048x2048"})
    public String row;

    private Workload.Gemm size;
    private NativeOpenBlas library;
    private MemorySegment a;
    private MemorySegment b;
    private MemorySegment c;

    /** Loads the library and makes the matrices. */
    @Setup
    public void open() {
        size = (Workload.Gemm) Workload.parse(row);
        library = new NativeOpenBlas(Integer.getInteger("heddle.bench.threads", Runtime.getRuntime().availableProcessors()));
        a = matrix(size.m(), size.k());
        b = matrix(size.n(), size.k());
        c = matrix(size.m(), size.n());
    }

    private static MemorySegment matrix(int rows, int columns) {
        MemorySegment matrix = Arena.ofAuto().allocate((long) rows * columns * Float.BYTES, 64);
        for (long i = 0; i < (long) rows * columns; i++) {
            matrix.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i % 17 - 8) / 8f);
        }
        return matrix;
    }

    /** Multiplies once. */
    @Benchmark
    public void run() {
        library.multiply(size, a, b, c);
    }
}
