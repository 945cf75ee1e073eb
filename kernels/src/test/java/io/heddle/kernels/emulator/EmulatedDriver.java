package io.heddle.kernels.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * The emulated driver of {@code src/test/native}, compiled by g++ when its sources or the kernels have changed, and loaded under the names of the real
 * libraries, so that JCuda finds it: {@link #load} comes before the first class of JCuda is touched.
 */
@SuppressWarnings("restricted")
public final class EmulatedDriver {
    private static final String JCUDA = "-12.6.0-linux-x86_64.so";
    /** The kernels' module, from there or from a neighbour. */
    private static final Path MODULE = Path.of(Files.isDirectory(Path.of("src/test/native")) ? "" : "../kernels");
    private static final Path NATIVE = MODULE.resolve("src/test/native");
    private static final Path CUDA = MODULE.resolve("src/main/cuda");
    private static @Nullable EmulatedDriver loaded;
    private static @Nullable RuntimeException failure;

    private final Path folder;
    private final SymbolLookup symbols;

    private EmulatedDriver(Path folder) {
        this.folder = folder;
        System.load(folder.resolve("libcuda.so.1").toString());
        System.load(folder.resolve("libcublas.so.12").toString());
        System.load(folder.resolve("libcudnn.so.9").toString());
        this.symbols = SymbolLookup.libraryLookup(folder.resolve("libcuda.so.1"), Arena.global());
    }

    /**
     * Builds and loads the driver, once.
     *
     * @throws TestAbortedException where it cannot be built: not Linux on x86-64 with AVX2, or no g++
     */
    public static synchronized EmulatedDriver load() {
        if (failure != null) {
            throw failure;
        }
        if (loaded == null) {
            try {
                loaded = new EmulatedDriver(build());
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        }
        return loaded;
    }

    /** Where the libraries lie under the names of the real ones. */
    public Path folder() {
        return folder;
    }

    /** The kernels of {@code name.cu}, as what the driver takes for a module's image. */
    public Path image(String name) {
        return folder.resolve(name + ".so");
    }

    /** Whether blocks and threads run from the last to the first. A kernel with a missing barrier goes wrong in one of the two orders at least. */
    public void reverse(boolean reversed) {
        call("emulation_reverse", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), reversed ? 1 : 0);
    }

    /** Why the last context was destroyed by an error. */
    public String fault() {
        FunctionDescriptor text = FunctionDescriptor.of(
                ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(1 << 16, ValueLayout.JAVA_BYTE)));
        return ((MemorySegment) call("emulation_fault", text)).getString(0);
    }

    /** Device allocations that live, and those that were left to the end of their context. */
    public long allocations() {
        return (long) call("emulation_allocations", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    }

    /** How often {@code cuLaunchKernel}, {@code cuGraphLaunch} or {@code cuGraphInstantiate} was called. */
    public long calls(String function) {
        try (Arena names = Arena.ofConfined()) {
            return (long) call("emulation_calls", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS), names.allocateFrom(function));
        }
    }

    private Object call(String function, FunctionDescriptor type, Object... arguments) {
        MethodHandle handle = Linker.nativeLinker().downcallHandle(symbols.findOrThrow(function), type);
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(function + " failed", e);
        }
    }

    private static Path build() {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!platform.equals("Linux amd64")) {
            throw new TestAbortedException("the emulated CUDA driver is for Linux on x86-64, this is " + platform);
        }
        if (Stream.of(System.getenv("PATH").split(":")).noneMatch(folder -> Files.isExecutable(Path.of(folder, "g++")))) {
            throw new TestAbortedException("the emulated CUDA driver is built by g++, which was not found");
        }
        try {
            if (!Files.readString(Path.of("/proc/cpuinfo")).contains(" avx2 ")) {
                throw new TestAbortedException("the emulated CUDA driver needs a processor with AVX2");
            }
            Path folder = MODULE.resolve("target/emulator").toAbsolutePath().normalize();
            Path stamp = folder.resolve("sources.sha256");
            String hash = hash();
            if (!Files.exists(stamp) || !Files.readString(stamp).equals(hash)) {
                Files.createDirectories(folder);
                compile(folder);
                Files.writeString(stamp, hash);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", NATIVE.resolve("build").toString(), folder.toString()));
        for (String library : List.of("libJCudaDriver", "libJCublas2", "libJCudnn")) {
            Path file = folder.resolve(library + ".so");
            try (InputStream resource = EmulatedDriver.class.getResourceAsStream("/lib/" + library + JCUDA)) {
                if (resource == null) {
                    throw new TestAbortedException("JCuda's native library " + library + JCUDA + " is not on the class path");
                }
                Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
            }
            command.add(file.toString());
        }
        for (Path folderOfKernels : List.of(CUDA, NATIVE)) {
            modules(folderOfKernels).forEach(module -> command.add(module.toString()));
        }
        Path log = folder.resolve("build.log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the emulated CUDA driver does not compile:\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            process.destroy();
            throw new IllegalStateException("interrupted while the emulated CUDA driver was compiled", e);
        }
    }

    /** The files that are a module each. */
    private static List<Path> modules(Path folder) {
        return Stream.of("heddle.cu", "heddle_half.cu", "faults.cu").map(folder::resolve).filter(Files::exists).toList();
    }

    private static String hash() throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (Path folder : List.of(CUDA, NATIVE)) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.filter(each -> !each.toString().endsWith(".md")).sorted().toList()) {
                        sha256.update(file.getFileName().toString().getBytes());
                        sha256.update(Files.readAllBytes(file));
                    }
                }
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing from this Java", e);
        }
    }
}
