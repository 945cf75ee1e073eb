package io.heddle.kernels.emulator;

import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plants every class of mistakes that the emulation is there to find, and sees it found. */
class EmulatedDriverTest extends MachineTest {
    EmulatedDriverTest() {
        super("faults");
    }

    @Test
    void barrier_present_givesTheSameInBothOrders() {
        assertThat(reverseRuns("reverse_runs", false)).isEqualTo(descendingRuns());
        assertThat(reverseRuns("reverse_runs", true)).isEqualTo(descendingRuns());
    }

    @Test
    void barrier_missing_leavesNaNInBothOrders() {
        for (boolean reversed : new boolean[] {false, true}) {
            float[] wrong = reverseRuns("reverse_runs_without_barrier", reversed);
            assertThat(wrong).isNotEqualTo(descendingRuns());
            assertThat(wrong).contains(Float.NaN);
        }
    }

    @Test
    void barrier_thatSomeThreadsDoNotReach_destroysTheContext() {
        machine.launch("barrier_that_some_do_not_reach", 1, 32, Pointer.to(machine.allocate(32)));
        assertThatThrownBy(JCudaDriver::cuCtxSynchronize).isInstanceOf(CudaException.class).hasMessageContaining("LAUNCH_FAILED");
        assertThat(driver.fault()).contains("barrier_that_some_do_not_reach", "every thread waits");
    }

    @Test
    void shuffle_ofAWholeWarp_sums() {
        CUdeviceptr out = machine.allocate(1);
        machine.launch("sum_warp", 1, 32, Pointer.to(machine.of(ascending(32))), Pointer.to(out));
        assertThat(machine.read(out, 1)).containsExactly(31 * 16);
    }

    @Test
    void shuffle_ofAPartOfTheWarpThatItsMaskNames_destroysTheContext() {
        CUdeviceptr x = machine.of(ascending(32));
        CUdeviceptr out = machine.allocate(1);
        machine.launch("sum_half_a_warp_with_a_full_mask", 1, 32, Pointer.to(x), Pointer.to(out));
        assertThatThrownBy(JCudaDriver::cuCtxSynchronize).isInstanceOf(CudaException.class).hasMessageContaining("LAUNCH_FAILED");
        assertThat(driver.fault()).contains("warp");
        assertThatThrownBy(() -> machine.allocate(1)).as("after an error the context is lost").hasMessageContaining("LAUNCH_FAILED");
    }

    @Test
    void write_pastTheEnd_isReportedWithTheKernel() {
        machine.launch("write_one_too_many", 1, 32, Pointer.to(machine.allocate(7)), Pointer.to(new int[] {7}));
        assertThatThrownBy(JCudaDriver::cuCtxSynchronize).isInstanceOf(CudaException.class).hasMessageContaining("ILLEGAL_ADDRESS");
        assertThat(driver.fault()).contains("write_one_too_many", "past the end of the allocation of 28 bytes");
    }

    @Test
    void read_pastTheEnd_givesNaN() {
        CUdeviceptr out = machine.allocate(7);
        machine.launch("read_one_too_many", 1, 32, Pointer.to(machine.of(ascending(7))), Pointer.to(out), Pointer.to(new int[] {7}));
        assertThat(machine.read(out, 7)).containsExactly(1, 2, 3, 4, 5, 6, Float.NaN);
    }

    @Test
    void read_ofFreshMemory_givesNaN() {
        assertThat(machine.read(machine.allocate(3), 3)).containsExactly(Float.NaN, Float.NaN, Float.NaN);
    }

    @Test
    void parameter_thatWasFreed_isReported() {
        CUdeviceptr freed = machine.allocate(32);
        cuMemFree(freed);
        machine.launch("increment", 1, 32, Pointer.to(freed));
        assertThatThrownBy(JCudaDriver::cuCtxSynchronize).isInstanceOf(CudaException.class).hasMessageContaining("ILLEGAL_ADDRESS");
        assertThat(driver.fault()).contains("increment", "parameter 0");
    }

    @Test
    void copy_waitedForInAKernel_hasHappened() {
        assertThat(copyThroughShared("copy_asynchronously")).isEqualTo(ascending(128));
    }

    @Test
    void copy_notWaitedForInAKernel_hasNotHappened() {
        assertThat(copyThroughShared("copy_asynchronously_without_wait")).containsOnly(Float.NaN);
    }

    @Test
    void stream_notWaitedFor_hasDoneNothing() {
        CUstream stream = new CUstream();
        cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        CUdeviceptr x = machine.of(ascending(32));
        machine.launch(stream, "increment", 1, 32, Pointer.to(x));
        assertThat(machine.read(x, 32)).as("read by the default stream, which does not wait").isEqualTo(ascending(32));
        cuStreamSynchronize(stream);
        assertThat(machine.read(x, 1)).containsExactly(1);
    }

    @Test
    void streamThatIsNotWaitedForByAnother_hasDoneNothing() {
        CUstream first = new CUstream();
        CUstream second = new CUstream();
        cuStreamCreate(first, CUstream_flags.CU_STREAM_NON_BLOCKING);
        cuStreamCreate(second, CUstream_flags.CU_STREAM_NON_BLOCKING);
        CUevent incremented = new CUevent();
        cuEventCreate(incremented, 0);
        CUdeviceptr x = machine.of(ascending(32));
        CUdeviceptr copy = machine.allocate(32);
        machine.launch(first, "increment", 1, 32, Pointer.to(x));
        cuEventRecord(incremented, first);

        cuMemcpyDtoDAsync(copy, x, 4 * 32, second);
        cuStreamSynchronize(second);
        assertThat(machine.read(copy, 2)).as("without waiting for the event").containsExactly(0, 1);

        cuStreamWaitEvent(second, incremented, 0);
        cuMemcpyDtoDAsync(copy, x, 4 * 32, second);
        cuStreamSynchronize(second);
        assertThat(machine.read(copy, 2)).as("after the event").containsExactly(1, 2);
    }

    @Test
    void copyToPinnedMemory_happensWhenWaitedFor() {
        CUstream stream = new CUstream();
        cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        Pointer pinned = new Pointer();
        cuMemHostAlloc(pinned, 4, 0);
        cuMemcpyDtoHAsync(pinned, machine.of(5), 4, stream);
        assertThat(pinned.getByteBuffer(0, 4).order(ByteOrder.nativeOrder()).getFloat(0)).isNaN();
        cuStreamSynchronize(stream);
        assertThat(pinned.getByteBuffer(0, 4).order(ByteOrder.nativeOrder()).getFloat(0)).isEqualTo(5);
    }

    @Test
    void graph_replaysWithTheParametersOfItsRecording() {
        CUstream stream = new CUstream();
        cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        CUdeviceptr x = machine.of(ascending(32));
        cuStreamBeginCapture(stream, 0);
        machine.launch(stream, "increment", 1, 32, Pointer.to(x));
        machine.launch(stream, "increment", 1, 32, Pointer.to(x));
        CUgraph graph = new CUgraph();
        cuStreamEndCapture(stream, graph);
        CUgraphExec executable = new CUgraphExec();
        cuGraphInstantiate(executable, graph, 0L);
        for (int i = 0; i < 3; i++) {
            cuGraphLaunch(executable, stream);
        }
        cuStreamSynchronize(stream);
        assertThat(machine.read(x, 2)).containsExactly(6, 7);
    }

    @Test
    void allocation_duringARecording_isRefusedAndEndsIt() {
        CUstream stream = new CUstream();
        cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        cuStreamBeginCapture(stream, 0);
        assertThatThrownBy(() -> machine.allocate(1)).hasMessageContaining("STREAM_CAPTURE_UNSUPPORTED");
        assertThatThrownBy(() -> cuStreamEndCapture(stream, new CUgraph())).hasMessageContaining("STREAM_CAPTURE_INVALIDATED");
    }

    @Test
    void allocation_duringAThreadsOwnRecording_isRefusedToThatThreadOnly() throws InterruptedException {
        CUstream stream = new CUstream();
        cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        Thread other = new Thread(() -> {
            machine.enter();
            machine.allocate(1);
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        other.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
        other.start();
        other.join();
        assertThat(thrown).hasNullValue();
        assertThatThrownBy(() -> machine.allocate(1)).hasMessageContaining("STREAM_CAPTURE_UNSUPPORTED");
        assertThatThrownBy(() -> cuStreamEndCapture(stream, new CUgraph())).hasMessageContaining("STREAM_CAPTURE_INVALIDATED");
    }

    @Test
    void copyOfPageableMemory_duringARecording_isRefusedAndEndsIt() {
        CUstream stream = new CUstream();
        cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        CUdeviceptr x = machine.of(ascending(2));
        cuStreamBeginCapture(stream, 0);
        Pointer pageable = Pointer.to(ByteBuffer.allocateDirect(8));
        assertThatThrownBy(() -> cuMemcpyHtoDAsync(x, pageable, 8, stream)).hasMessageContaining("STREAM_CAPTURE_UNSUPPORTED");
        assertThatThrownBy(() -> cuMemcpyDtoHAsync(pageable, x, 8, stream)).hasMessageContaining("STREAM_CAPTURE_UNSUPPORTED");
        assertThatThrownBy(() -> cuStreamEndCapture(stream, new CUgraph())).hasMessageContaining("STREAM_CAPTURE_INVALIDATED");
    }

    @Test
    void thread_withoutAContext_isRefused() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread other = new Thread(() -> cuMemAlloc(new CUdeviceptr(), 4));
        other.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
        other.start();
        other.join();
        assertThat(thrown.get()).isInstanceOf(CudaException.class).hasMessageContaining("INVALID_CONTEXT");
    }

    @Test
    void stream_ofAnotherContext_isRefused() throws IOException {
        CUstream stream = new CUstream();
        cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        try (Machine other = new Machine("faults")) {
            CUdeviceptr x = other.of(ascending(32));
            assertThatThrownBy(() -> other.launch(stream, "increment", 1, 32, Pointer.to(x))).hasMessageContaining("INVALID_HANDLE");
        }
    }

    @Test
    void kernel_ofAnotherContext_isRefused() throws IOException {
        CUfunction increment = machine.function("increment");
        try (Machine other = new Machine("faults")) {
            Pointer x = Pointer.to(Pointer.to(other.of(ascending(32))));
            assertThatThrownBy(() -> cuLaunchKernel(increment, 1, 1, 1, 32, 1, 1, 0, null, x, null)).hasMessageContaining("INVALID_HANDLE");
        }
    }

    @Test
    void launch_overTheDevicesLimits_isRefused() {
        Pointer x = Pointer.to(machine.allocate(32));
        assertThatThrownBy(() -> machine.launch("increment", 0, 32, x)).hasMessageContaining("INVALID_VALUE");
        assertThatThrownBy(() -> machine.launch("increment", 1, 1025, x)).hasMessageContaining("INVALID_VALUE");
        assertThatThrownBy(() -> machine.launch("unknown", 1, 32, x)).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void function_thatIsNotEmulated_saysSo() {
        assertThatThrownBy(() -> JCudaDriver.cuProfilerStart()).isInstanceOf(CudaException.class).hasMessageContaining("NOT_SUPPORTED");
    }

    @Test
    void allocations_areCountedUntilTheyAreFreed() {
        long before = driver.allocations();
        CUdeviceptr x = machine.allocate(1);
        assertThat(driver.allocations()).isEqualTo(before + 1);
        cuMemFree(x);
        assertThat(driver.allocations()).isEqualTo(before);
        machine.allocate(1);
        machine.close();
        machine = null;
        assertThat(driver.allocations()).as("left to the end of the context").isEqualTo(before + 1);
    }

    @ParameterizedTest
    @CsvSource({"1, 70", "0, 0"})
    void leak_isToldAtTheEnd_andFatalIfWished(int leaked, int status) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Leak.class.getName(), String.valueOf(leaked));
        builder.environment().put("CUDA_EMULATION_LEAKS", "fatal");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isEqualTo(status);
        assertThat(output.contains("1 device allocations (28 bytes) were never freed")).as(output).isEqualTo(leaked > 0);
    }

    /** A program that ends without freeing as many buffers as its argument says. */
    static final class Leak {
        private Leak() {}

        public static void main(String[] arguments) throws IOException {
            Machine machine = new Machine("faults");
            for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                machine.allocate(7);
            }
        }
    }

    private float[] reverseRuns(String kernel, boolean reversed) {
        driver.reverse(reversed);
        CUdeviceptr x = machine.of(ascending(128));
        CUdeviceptr out = machine.allocate(128);
        machine.launch(kernel, 2, 64, Pointer.to(x), Pointer.to(out));
        cuCtxSynchronize();
        return machine.read(out, 128);
    }

    private float[] copyThroughShared(String kernel) {
        CUdeviceptr out = machine.allocate(128);
        machine.launch(kernel, 1, 32, Pointer.to(machine.of(ascending(128))), Pointer.to(out));
        return machine.read(out, 128);
    }

    private static float[] ascending(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    private static float[] descendingRuns() {
        float[] values = new float[128];
        for (int i = 0; i < 128; i++) {
            values[i] = i / 64 * 64 + 63 - i % 64;
        }
        return values;
    }
}
