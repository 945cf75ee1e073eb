package io.heddle.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** OpenBLAS as a C program would use it: native memory, its own threads, one call for one product. */
@SuppressWarnings("restricted")
final class NativeOpenBlas {
    private static final List<String> FILES = List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");
    private static final int ROW_MAJOR = 101;
    private static final int AS_STORED = 111;
    private static final int TRANSPOSED = 112;

    private final MethodHandle sgemm;

    /** The library of the class path for this Linux machine, on a number of threads. */
    NativeOpenBlas(int threads) {
        SymbolLookup library = load();
        var i = ValueLayout.JAVA_INT;
        var f = ValueLayout.JAVA_FLOAT;
        var p = ValueLayout.ADDRESS;
        sgemm = handle(library, "cblas_sgemm", FunctionDescriptor.ofVoid(i, i, i, i, i, i, f, p, i, p, i, f, p, i));
        try {
            handle(library, "openblas_set_num_threads", FunctionDescriptor.ofVoid(i)).invokeExact(threads);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle handle(SymbolLookup library, String function, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(function), type);
    }

    private static SymbolLookup load() {
        String platform = System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x86_64";
        try {
            Path folder = Files.createTempDirectory("openblas");
            SymbolLookup library = SymbolLookup.loaderLookup();
            for (String name : FILES) {
                try (InputStream in = NativeOpenBlas.class.getResourceAsStream("/org/bytedeco/openblas/" + platform + "/" + name)) {
                    if (in != null) {
                        Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                        library = SymbolLookup.libraryLookup(folder.resolve(name), Arena.global());
                    }
                }
            }
            delete(folder);
            return library;
        } catch (IOException e) {
            throw new IllegalStateException("OpenBLAS could not be unpacked", e);
        }
    }

    /** A loaded library needs its file no more. */
    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** {@code c = a·bᵀ} for {@code a [m, k]}, {@code b [n, k]} and {@code c [m, n]}. */
    void multiply(Workload.Gemm size, MemorySegment a, MemorySegment b, MemorySegment c) {
        try {
            sgemm.invokeExact(
                    ROW_MAJOR, AS_STORED, TRANSPOSED,
                    size.m(), size.n(), size.k(),
                    1f, a, size.k(),
                    b, size.k(),
                    0f, c, size.n());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
