package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.heddle.kernels.emulator.EmulatedDriver;
import io.heddle.spi.Availability;
import io.heddle.tensor.Device;
import io.heddle.tensor.DeviceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the provider says of machines that lack a part: of each a process of its own, whose loader sees a folder with what the machine has. */
class MissingPartsTest {
    private static final List<String> NO_OPTIONS = List.of();
    private static final Map<String, String> WHOLE_MACHINE = Map.of();

    private static Path emulator;

    @TempDir
    private Path libraries;

    @BeforeAll
    static void build() {
        assumeFalse(TestDevice.isReal(), "skipped: a real device lacks nothing");
        emulator = EmulatedDriver.load().folder();
    }

    /** The machine's answer on the process's output; where kernels are given, what it opens as well. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] arguments) {
            CudaBackendProvider provider = new CudaBackendProvider();
            Availability availability = provider.probe();
            System.out.print((availability.usable() ? "usable: " : "not usable: ") + availability.reason());
            if (availability.usable() && System.getProperty(KernelImage.FILE_PROPERTY) != null) {
                try (Device device = Device.open(System.getProperty("device", "cuda"), 0)) {
                    System.out.print("; " + device);
                } catch (DeviceException e) {
                    System.out.print("; " + e.getMessage());
                }
            }
        }
    }

    @Test
    void otherProcessor_isNamed() throws Exception {
        assertThat(probe(NO_OPTIONS, WHOLE_MACHINE, "-Dos.arch=aarch64"))
                .isEqualTo("not usable: the CUDA backend runs on Linux for x86-64 only, and this is Linux for aarch64");
    }

    @Test
    void driver_isNamedByItsFile() throws Exception {
        String answer = probe(NO_OPTIONS, WHOLE_MACHINE);

        assumeFalse(answer.startsWith("usable"), "skipped: this machine has a driver");
        assertThat(answer).isEqualTo("not usable: libcuda.so.1 was not found on the loader's path: install the NVIDIA driver");
    }

    @Test
    void nativesOfJCuda_areNamedByTheirFile() throws Exception {
        install("libcuda.so.1");

        assertThat(probe(List.of("jcuda-natives"), WHOLE_MACHINE)).isEqualTo(
                "not usable: /lib/libJCudaDriver-12.6.0-linux-x86_64.so is not on the class path: add JCuda's natives for this platform");
    }

    @Test
    void temporaryDirectory_isNamed() throws Exception {
        install("libcuda.so.1");

        assertThat(probe(NO_OPTIONS, WHOLE_MACHINE, "-Djava.io.tmpdir=" + libraries.resolve("nowhere")))
                .contains("not usable: libJCudaDriver-12.6.0-linux-x86_64.so cannot be unpacked: ", libraries.resolve("nowhere").toString())
                .endsWith("-Djava.io.tmpdir=<directory> names another temporary directory");
    }

    @Test
    void nativesThatDoNotLoad_areNamedWithTheLoadersReason() throws Exception {
        install("libcuda.so.1");
        Files.writeString(Files.createDirectory(libraries.resolve("lib")).resolve("libJCudaDriver-12.6.0-linux-x86_64.so"), "no library");

        assertThat(probe(List.of("jcuda-natives"), WHOLE_MACHINE))
                .containsPattern("not usable: /\\S+/libJCudaDriver-12.6.0-linux-x86_64.so cannot be loaded: file too short; -Djava.io.tmpdir");
    }

    @Test
    void driverThatFails_isQuoted() throws Exception {
        install("libcuda.so.1");

        assertThat(probe(NO_OPTIONS, Map.of("CUDA_EMULATION_INIT", "100")))
                .isEqualTo("not usable: cuInit of the NVIDIA driver says CUDA_ERROR_NO_DEVICE (100)");
    }

    @Test
    void device_isMissed() throws Exception {
        install("libcuda.so.1");

        assertThat(probe(NO_OPTIONS, Map.of("CUDA_EMULATION_DEVICES", "0")))
                .isEqualTo("not usable: the NVIDIA driver is installed, but it shows no device");
    }

    @Test
    void deviceThatIsTooOld_isNamed() throws Exception {
        install("libcuda.so.1");

        assertThat(probe(NO_OPTIONS, Map.of("CUDA_EMULATION_CAPABILITY", "61")))
                .isEqualTo("not usable: [Emulated device (compute capability 6.1)]; compute capability 7.5 is needed");
    }

    @Test
    void oldDeviceBesideAGoodOne_isPassedOver_orRefusedWhereItIsNamed() throws Exception {
        install("libcuda.so.1");
        Map<String, String> two = Map.of("CUDA_EMULATION_DEVICES", "2", "CUDA_EMULATION_CAPABILITY", "61,89");

        String found = "usable: [Emulated device (compute capability 6.1), Emulated device (compute capability 8.9)]";
        String second = "; CUDA device Emulated device (compute capability 8.9)";
        for (String name : List.of("cuda", "cuda:1", "auto")) {
            assertThat(probe(NO_OPTIONS, two, openingTheDevice(), "-Ddevice=" + name)).startsWith(found).contains(second);
        }
        assertThat(probe(NO_OPTIONS, two, openingTheDevice(), "-Ddevice=cuda:0")).startsWith(found)
                .endsWith("; device cuda:0 cannot be used: Emulated device (compute capability 6.1); compute capability 7.5 is needed");
    }

    @Test
    void kernels_areMissed() throws Exception {
        install("libcuda.so.1");

        assertThat(probe(NO_OPTIONS, WHOLE_MACHINE, "-D" + KernelImage.FILE_PROPERTY + "=" + libraries.resolve("none")))
                .startsWith("not usable: [Emulated device (compute capability 8.0)]; the compiled kernels are missing");
    }

    @Test
    void cublas_isMissedByBothNames_andNotNeeded() throws Exception {
        install("libcuda.so.1");

        String answer = probe(NO_OPTIONS, WHOLE_MACHINE);

        assumeFalse(answer.contains("cuBLAS of"), "skipped: this machine has cuBLAS");
        assertThat(answer)
                .startsWith("usable: [Emulated device (compute capability 8.0)]; matrix products by own kernels, as neither libcublas.so.12 nor "
                        + "libcublas.so.13 was found on the loader's path")
                .contains("-Dheddle.cublas=<directory> names another place");
        assertThat(probe(NO_OPTIONS, WHOLE_MACHINE, "-Dheddle.cuda.products=cublas"))
                .startsWith("not usable: cuBLAS is missing: neither libcublas.so.12 nor libcublas.so.13 was found");
    }

    @Test
    void cublas13_doesWhatItsPredecessorWouldDo() throws Exception {
        install("libcuda.so.1", "libcublas.so.13");

        assertThat(probe(NO_OPTIONS, WHOLE_MACHINE, openingTheDevice()))
                .contains("matrix products by cuBLAS of libcublas.so.13",
                        "; CUDA device Emulated device (compute capability 8.0), products by cuBLAS");
    }

    @Test
    void cublas_isMissedWhereItIsSaidToBe() throws Exception {
        install("libcuda.so.1");

        assertThat(probe(NO_OPTIONS, WHOLE_MACHINE, "-Dheddle.cublas=" + libraries))
                .contains("neither libcublas.so.12 nor libcublas.so.13 was found at " + libraries + ", which -Dheddle.cublas names");
    }

    @Test
    void libraryThatCublasNeeds_isNamedByItsFile(@TempDir Path cublas) throws Exception {
        install("libcuda.so.1");
        Files.createFile(cublas.resolve("libcublas.so.13"));

        String answer = probe(NO_OPTIONS, WHOLE_MACHINE, "-Dheddle.cublas=" + cublas);

        assumeFalse(answer.contains("cuBLAS of"), "skipped: this machine has cuBLAS");
        assertThat(answer).contains(
                "own kernels, as " + cublas + "/libcublas.so.13 needs libcublasLt.so.13, which is neither beside it nor on the loader's path");
    }

    @Test
    void cudnn_isOff_whetherItIsThereOrNot() throws Exception {
        install("libcuda.so.1", "libcublas.so.12");

        assertThat(probe(List.of("jcudnn"), WHOLE_MACHINE))
                .endsWith("cuBLAS of libcublas.so.12; convolutions by own kernels; cuDNN is off and not there");
        install("libcudnn.so.9");
        assertThat(probe(NO_OPTIONS, WHOLE_MACHINE)).endsWith("own kernels; cuDNN is off and there: -Dheddle.cuda.convolutions=cudnn turns it on");
    }

    @Test
    void classesOfCudnn_areNotNeeded() throws Exception {
        install("libcuda.so.1", "libcublas.so.12");

        assertThat(probe(List.of("jcudnn"), WHOLE_MACHINE, openingTheDevice()))
                .contains("; CUDA device Emulated device (compute capability 8.0), products by cuBLAS 12.6");
    }

    @Test
    void cudnnThatIsAskedFor_isUsedOrMissedByItsFile() throws Exception {
        install("libcuda.so.1");
        String on = "-Dheddle.cuda.convolutions=cudnn";

        assertThat(probe(List.of("jcudnn"), WHOLE_MACHINE, on))
                .isEqualTo("not usable: cuDNN is missing: JCuda's jcudnn and its natives are not on the class path");
        assertThat(probe(NO_OPTIONS, WHOLE_MACHINE, on, "-Dheddle.cudnn=" + libraries))
                .isEqualTo("not usable: cuDNN is missing: libcudnn.so.9 was not found at " + libraries + ", which -Dheddle.cudnn names");
        install("libcudnn.so.9");
        assertThat(probe(NO_OPTIONS, WHOLE_MACHINE, on)).startsWith("usable").endsWith("convolutions by cuDNN of libcudnn.so.9");
    }

    private static String openingTheDevice() {
        return "-D" + KernelImage.FILE_PROPERTY + "=" + emulator.resolve("heddle.so");
    }

    /** Puts parts of the emulated machine where the loader looks. */
    private void install(String... names) throws IOException {
        for (String name : names) {
            Files.copy(emulator.resolve(name), libraries.resolve(name));
        }
    }

    /**
     * Asks a new process, whose class path has the folder of libraries as well.
     *
     * @param without beginnings of the names of jars that its class path lacks
     */
    private String probe(List<String> without, Map<String, String> environment, String... options) throws IOException, InterruptedException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(":"))
                .filter(entry -> without.stream().noneMatch(Path.of(entry).getFileName().toString()::startsWith))
                .collect(Collectors.joining(":", "", ":" + libraries));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath));
        command.addAll(List.of(options));
        command.add(Probe.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(answer).isZero();
        return answer;
    }
}
