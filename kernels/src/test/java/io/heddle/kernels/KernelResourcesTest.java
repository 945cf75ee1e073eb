package io.heddle.kernels;

import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCompile;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCreate;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerDestroy;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLogSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetInfoLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetInfoLogSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetVersion;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The compiled kernels that are delivered: they are those of the sources, all of them are there, and what is left to the driver's compiler compiles. */
class KernelResourcesTest {
    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final Path RESOURCES = Path.of("src/main/resources/io/heddle/kernels");
    private static final String REMEDY = ": run src/main/cuda/build where nvcc is installed, and commit what it writes";
    private static final Pattern ENTRY = Pattern.compile("([0-9a-f]{64}) [ *](.+)");
    private static final Pattern TARGET = Pattern.compile("\\w+\\.(sm_\\d+)\\.ptx\\.gz");
    private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores");
    /** Some registers of a thread may go to memory, so that more blocks run at once; an array that does is a mistake. */
    private static final int MOST_SPILLED_BYTES = 64;

    private record Hashed(String hash, Path file) {}

    private static List<Hashed> manifest() throws IOException {
        return Files.readAllLines(RESOURCES.resolve("kernels.sha256")).stream()
                .map(ENTRY::matcher)
                .filter(Matcher::matches)
                .map(entry -> new Hashed(entry.group(1), Path.of(entry.group(2))))
                .toList();
    }

    @Test
    void compiledKernels_belongToTheSources() throws IOException {
        for (Hashed entry : manifest()) {
            assertThat(entry.file()).as("%s was compiled and is gone%s", entry.file(), REMEDY).isRegularFile();
            assertThat(sha256(entry.file())).as("%s is not what the kernels were compiled from%s", entry.file(), REMEDY).isEqualTo(entry.hash());
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everySourceAndImage_isInTheManifest() throws IOException {
        List<Path> listed = manifest().stream().map(Hashed::file).toList();

        assertThat(listed).as("files with hashes in kernels.sha256%s", REMEDY).containsAll(files(SOURCES, "")).containsAll(files(RESOURCES, ".gz"));
    }

    @Test
    void everyImageThatADeviceMayAskFor_isThere() {
        for (Capability capability : List.of(Capability.LEAST, new Capability(8, 9), new Capability(9, 0))) {
            List<KernelImage> images = KernelImage.resources(CudaBackend.MODULE, capability);
            assertThat(images).isNotEmpty().allSatisfy(image -> assertThat(image.isPresent()).as(image.name() + REMEDY).isTrue());
            boolean fast = capability.number() >= CudaBackend.FAST_LEAST.number();
            assertThat(KernelImage.resources(CudaBackend.FAST_MODULE, capability).stream().anyMatch(KernelImage::isPresent))
                    .as("kernels of the fast mode for " + capability + REMEDY)
                    .isEqualTo(fast);
        }
    }

    static List<Path> ptx() throws IOException {
        return files(RESOURCES, ".ptx.gz");
    }

    /** JCuda brings the compiler of CUDA 12.0, which needs no device: what it takes, the drivers since then take. */
    @ParameterizedTest
    @MethodSource("ptx")
    void ptx_isAssembledForItsTarget(Path file) throws IOException {
        Matcher target = TARGET.matcher(file.getFileName().toString());
        assertThat(target.matches()).as("%s names its target", file).isTrue();
        JCudaNatives.load("JNvPTXCompiler", UnaryOperator.identity(), () -> nvPTXCompilerGetVersion(new int[1], new int[1]));
        byte[] ptx = inflated(file);
        byte[] text = Arrays.copyOf(ptx, ptx.length + 1);
        nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        assertThat(nvPTXCompilerCreate(compiler, text.length - 1, text)).isEqualTo(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS);
        int result = nvPTXCompilerCompile(compiler, 2, new String[] {"--gpu-name=" + target.group(1), "--verbose"});
        String log = log(compiler, result == nvPTXCompileResult.NVPTXCOMPILE_SUCCESS);
        nvPTXCompilerDestroy(compiler);

        assertThat(result).as(log).isEqualTo(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS);
        assertThat(SPILLS.matcher(log).results().map(spill -> Integer.parseInt(spill.group(1))))
                .as(log)
                .isNotEmpty()
                .allSatisfy(spilled -> assertThat(spilled).isLessThanOrEqualTo(MOST_SPILLED_BYTES));
    }

    private static String log(nvPTXCompilerHandle compiler, boolean compiled) {
        long[] size = new long[1];
        if (compiled) {
            nvPTXCompilerGetInfoLogSize(compiler, size);
        } else {
            nvPTXCompilerGetErrorLogSize(compiler, size);
        }
        byte[] log = new byte[Math.toIntExact(size[0]) + 1];
        if (compiled) {
            nvPTXCompilerGetInfoLog(compiler, log);
        } else {
            nvPTXCompilerGetErrorLog(compiler, log);
        }
        return new String(log, StandardCharsets.UTF_8).trim();
    }

    private static byte[] inflated(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }
}
