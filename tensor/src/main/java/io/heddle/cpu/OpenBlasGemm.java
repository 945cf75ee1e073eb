package io.heddle.cpu;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The product of OpenBLAS, called on heap arrays without a copy.
 *
 * <p>During a call the virtual machine cannot stop this thread for a garbage collection, so a large product is cut into calls of a few milliseconds.
 * Where it is cut depends on its shape alone.
 */
@SuppressWarnings("restricted")
final class OpenBlasGemm implements Gemm {
    /** Multiply-adds of the largest call: 2 ms of a core that does 100 GFLOP/s. */
    private static final long LARGEST_CALL = 100_000_000;

    /** Cuts fall on multiples of this, so that no call is left with a few odd rows. */
    private static final int GRAIN = 32;

    private static final int ROW_MAJOR = 101;
    private static final int AS_STORED = 111;
    private static final int TRANSPOSED = 112;

    private final String name;
    private final MethodHandle sgemm;

    /** The library that {@link OpenBlasLibrary} loads, set to one thread. */
    OpenBlasGemm() {
        SymbolLookup library = OpenBlasLibrary.load();
        var i = ValueLayout.JAVA_INT;
        var f = ValueLayout.JAVA_FLOAT;
        var p = ValueLayout.ADDRESS;
        var text = p.withTargetLayout(MemoryLayout.sequenceLayout(Byte.MAX_VALUE, ValueLayout.JAVA_BYTE));
        this.sgemm = handle(library, "cblas_sgemm", FunctionDescriptor.ofVoid(i, i, i, i, i, i, f, p, i, p, i, f, p, i),
                Linker.Option.critical(true));
        MethodHandle setThreads = handle(library, "openblas_set_num_threads", FunctionDescriptor.ofVoid(i));
        MethodHandle config = handle(library, "openblas_get_config", FunctionDescriptor.of(text));
        MethodHandle core = handle(library, "openblas_get_corename", FunctionDescriptor.of(text));
        try {
            setThreads.invokeExact(1);
            String[] words = ((MemorySegment) config.invokeExact()).getString(0).split(" ");
            this.name = words[0] + " " + words[1] + " (" + ((MemorySegment) core.invokeExact()).getString(0) + ")";
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static MethodHandle handle(SymbolLookup library, String function, FunctionDescriptor type, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(function), type, options);
    }

    private static IllegalStateException failed(Throwable e) {
        return new IllegalStateException("a call of OpenBLAS failed", e);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        Gemm.check(a, b, c);
        int m = c.rows();
        int n = c.columns();
        if (m == 0 || n == 0) {
            return;
        }
        if ((long) m * n * a.columns() <= LARGEST_CALL || Math.max(m, n) <= GRAIN) {
            call(alpha, a, b, beta, c);
        } else if (m > n) {
            int first = half(m);
            multiply(alpha, a.rows(0, first), b, beta, c.rows(0, first));
            multiply(alpha, a.rows(first, m - first), b, beta, c.rows(first, m - first));
        } else {
            int first = half(n);
            multiply(alpha, a, b.columns(0, first), beta, c.columns(0, first));
            multiply(alpha, a, b.columns(first, n - first), beta, c.columns(first, n - first));
        }
    }

    private static int half(int size) {
        return (size / 2 + GRAIN - 1) / GRAIN * GRAIN;
    }

    private void call(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        try {
            sgemm.invokeExact(
                    ROW_MAJOR, storage(a), storage(b),
                    c.rows(), c.columns(), a.columns(),
                    alpha, segment(a), a.stride(),
                    segment(b), b.stride(),
                    beta, segment(c), c.stride());
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static int storage(Matrix matrix) {
        return matrix.transposed() ? TRANSPOSED : AS_STORED;
    }

    private static MemorySegment segment(Matrix matrix) {
        return MemorySegment.ofArray(matrix.array()).asSlice((long) matrix.offset() * Float.BYTES);
    }
}
