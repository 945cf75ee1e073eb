package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.heddle.kernels.emulator.EmulatedDriver;
import io.heddle.spi.BinaryOp;
import io.heddle.spi.Buffer;
import io.heddle.spi.Graphs;
import io.heddle.spi.Graphs.Graph;
import io.heddle.spi.LinearKernels.LinearShape;
import io.heddle.tensor.CapturedFunctions;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Buffers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CudaGraphsTest {
    private CudaBackend backend;
    private Graphs graphs;
    private Buffers buffers;

    @BeforeEach
    void open() {
        backend = TestDevice.open(TestDevice.cublas());
        graphs = backend.graphs().orElseThrow();
        buffers = new Buffers(backend);
    }

    @AfterEach
    void close() {
        buffers.close();
        backend.close();
    }

    @Test
    void work_isDoneWhenItIsRecorded_andAgainAtEachLaunch() {
        Buffer total = buffers.of(1, 2, 3);
        Buffer part = buffers.of(10, 10, 10);

        try (Graph graph = graphs.record(() -> addInPlace(part, total))) {
            assertThat(buffers.read(total)).containsExactly(11, 12, 13);

            graph.launch();
            graph.launch();

            assertThat(buffers.read(total)).containsExactly(31, 32, 33);
        }
    }

    @Test
    void launch_readsWhatTheOperandsHoldThen() {
        Buffer x = buffers.of(1, 2, 3, 4);
        Buffer weight = buffers.of(1, 0, 0, 1);
        Buffer swapped = buffers.allocate(4);
        Buffer y = buffers.allocate(4);

        try (Graph graph = graphs.record(() -> {
            backend.movement().gatherRows(x, 2, new int[] {1, 0}, swapped);
            backend.linear().linear(swapped, weight, null, null, new LinearShape(1, 2, 2, 2), y);
        })) {
            assertThat(buffers.read(y)).containsExactly(3, 4, 1, 2);

            backend.memory().upload(MemorySegment.ofArray(new float[] {5, 6, 7, 8}), x);
            graph.launch();

            assertThat(buffers.read(y)).containsExactly(7, 8, 5, 6);
        }
    }

    @Test
    void memoryOfTheWork_isNobodyElses() {
        Buffer x = buffers.of(1, 2, 3);
        Buffer y = buffers.allocate(3);

        try (Graph graph = graphs.record(() -> {
            Buffer between = backend.memory().allocate(3);
            backend.pointwise().affine(x, 2, 0, between);
            backend.pointwise().affine(between, 1, 1, y);
            backend.memory().release(between);
        })) {
            Buffer other = buffers.of(7, 8, 9);

            graph.launch();

            assertThat(buffers.read(other)).containsExactly(7, 8, 9);
            assertThat(buffers.read(y)).containsExactly(3, 5, 7);
        }
    }

    @Test
    void graphs_shareTheirMemory() {
        Graph first = graphs.record(() -> backend.memory().release(backend.memory().allocate(1000)));
        long allocations = backend.pool().allocations();

        Graph second = graphs.record(() -> backend.memory().release(backend.memory().allocate(1000)));

        assertThat(backend.pool().allocations()).isEqualTo(allocations);
        assertThat(backend.pool().pooled()).isZero();
        first.close();
        second.close();
        assertThat(backend.pool().pooled()).as("bytes given back by the last graph").isEqualTo(4096);
    }

    @Test
    void memoryThatNoOtherGraphHas_isGivenBackWithIts() {
        Graph small = graphs.record(() -> backend.memory().release(backend.memory().allocate(1000)));
        Graph large = graphs.record(() -> {
            Buffer shared = backend.memory().allocate(1000);
            backend.memory().release(backend.memory().allocate(100_000));
            backend.memory().release(shared);
        });
        assertThat(backend.pool().pooled()).isZero();

        large.close();
        assertThat(backend.pool().pooled()).isEqualTo(BlockPool.size(400_000));

        small.close();
        assertThat(backend.pool().pooled()).isEqualTo(BlockPool.size(400_000) + BlockPool.size(4000));
    }

    @Test
    void memoryOfWorkThatFails_isGivenBack() {
        try (Graph small = graphs.record(() -> backend.memory().release(backend.memory().allocate(1000)))) {
            assertThatThrownBy(() -> graphs.record(() -> {
                backend.memory().release(backend.memory().allocate(100_000));
                throw new IllegalArgumentException("before it is recorded");
            })).isInstanceOf(IllegalArgumentException.class);

            assertThat(backend.pool().pooled()).isEqualTo(BlockPool.size(400_000));
            small.launch();
        }
    }

    @Test
    void functionsThatAreForgotten_giveTheirOperandsBack() {
        Device device = Device.of(backend);
        List<Integer> divisors = IntStream.rangeClosed(1, 720).filter(d -> 720 % d == 0).boxed().toList();
        try (CapturedFunctions functions = CapturedFunctions.on(device).orElseThrow()) {
            List<Long> held = new ArrayList<>();
            for (int d : divisors) {
                try (Scope _ = device.scope()) {
                    Shape shape = Shape.of(d, 720 / d);
                    Tensor doubled = functions.apply("double", List.of(device.full(shape, d)), shape, in -> in.getFirst().times(2));
                    assertThat(doubled.toArray()).containsOnly(2 * d);
                }
                held.add(device.memory().liveBytes());
            }
            assertThat(divisors).hasSizeGreaterThan(20);
            assertThat(held.getLast()).as("of the last 16").isEqualTo(16 * held.getFirst());
        }
        assertThat(device.memory().liveBytes()).isZero();
    }

    @Test
    void transferInsideTheWork_isRefused_andTheDeviceGoesOn() {
        Buffer x = buffers.of(1, 2, 3);

        assertThatThrownBy(() -> graphs.record(() -> buffers.read(x)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("copying from the device inside work that is recorded as a graph: do it before or after, and let the work read a tensor");

        assertThat(buffers.read(x)).containsExactly(1, 2, 3);
        work_isDoneWhenItIsRecorded_andAgainAtEachLaunch();
    }

    @Test
    void errorInsideTheWork_endsTheRecording_andTheDeviceGoesOn() {
        int[] times = {0};
        assertThatThrownBy(() -> graphs.record(() -> {
            if (times[0]++ == 1) {
                throw new AssertionError("while it is recorded");
            }
        })).isInstanceOf(AssertionError.class);

        work_isDoneWhenItIsRecorded_andAgainAtEachLaunch();
    }

    @Test
    void waitInsideTheWork_isRefused() {
        assertThatThrownBy(() -> graphs.record(backend::synchronize)).hasMessageStartingWith("waiting for the device inside work");
    }

    @Test
    void workThatAsksForMoreTheSecondTime_isRefused() {
        int[] times = {0};
        assertThatThrownBy(() -> graphs.record(() -> {
            for (int i = 0; i <= times[0]; i++) {
                buffers.allocate(1000);
            }
            times[0]++;
        })).hasMessageContaining("asked for 4000 bytes more than when it was done first");
    }

    @Test
    void recordingInsideARecording_isRefused() {
        assertThatThrownBy(() -> graphs.record(() -> graphs.record(() -> {}))).hasMessageContaining("records another");
    }

    @Test
    void whatAnotherThreadAsksForMeanwhile_staysOutOfTheGraph() {
        Buffer x = buffers.of(1);
        Buffer y = buffers.of(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();

        try (Graph graph = graphs.record(() -> {
            addInPlace(x, x);
            Thread other = new Thread(() -> {
                backend.memory().release(backend.memory().allocate(12_345));
                addInPlace(y, y);
            });
            other.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
            other.start();
            join(other);
        })) {
            assertThat(thrown).hasNullValue();
            assertThat(buffers.read(y)).as("asked for twice").containsExactly(4);

            graph.launch();

            assertThat(buffers.read(y)).containsExactly(4);
            assertThat(buffers.read(x)).containsExactly(4);
        }
    }

    /** {@code y += x}: work whose repetitions show. */
    private void addInPlace(Buffer x, Buffer y) {
        int[] dims = {Math.toIntExact(y.length())};
        backend.pointwise().binary(BinaryOp.ADD, x, dims, y, dims, y, dims);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void closingTheBackend_endsItsGraphs() {
        assumeFalse(TestDevice.isReal(), "skipped: a real driver does not count allocations");
        long before = EmulatedDriver.load().allocations();
        CudaBackend other = TestDevice.open(TestDevice.KERNELS);
        other.graphs().orElseThrow().record(() -> other.memory().release(other.memory().allocate(1000)));

        other.close();

        assertThat(EmulatedDriver.load().allocations()).isEqualTo(before);
    }

    @Test
    void aProperty_turnsThemOff() {
        System.setProperty(CudaGraphs.PROPERTY, "false");
        try (CudaBackend other = TestDevice.open(TestDevice.KERNELS)) {
            assertThat(other.graphs()).isEmpty();
        } finally {
            System.clearProperty(CudaGraphs.PROPERTY);
        }
    }
}
