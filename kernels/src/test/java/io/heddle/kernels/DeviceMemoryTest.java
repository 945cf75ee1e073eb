package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.heddle.kernels.emulator.EmulatedDriver;
import io.heddle.spi.Buffer;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.Sample;
import io.heddle.testkit.TensorAssert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {
    /** More than two of the pinned chunks, and an odd rest. */
    private static final int SEVERAL_CHUNKS = (17 << 18) + 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private CudaBackend backend;

    @BeforeEach
    void open() {
        backend = TestDevice.open(TestDevice.KERNELS);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void transfers_longerThanThePinnedChunks_keepEveryBit() {
        float[] values = Sample.normal(1, SEVERAL_CHUNKS).values();
        try (Buffers buffers = new Buffers(backend)) {
            TensorAssert.assertSameBits("values", buffers.read(buffers.of(values)), values);
        }
    }

    @Test
    void whatWasReleased_servesTheNextOfItsSize() {
        for (int turn = 0; turn < 5; turn++) {
            try (Buffers buffers = new Buffers(backend)) {
                for (int length : new int[] {1, 100, 1000, 70_000, 1_000_003}) {
                    buffers.allocate(length);
                }
            }
            assertThat(backend.pool().allocations()).as("after turn %d", turn).isEqualTo(5);
        }
    }

    @Test
    void blocks_areAtMostAnEighthLarger() {
        for (long length : new long[] {128, 1000, 2049, 5000, 33_333, 1_000_003}) {
            long before = backend.memory().statistics().liveBytes();
            try (Buffers buffers = new Buffers(backend)) {
                buffers.allocate(length);
                long bytes = backend.memory().statistics().liveBytes() - before;
                assertThat(bytes).as("%d elements", length).isBetween(4 * length, Math.max(512, 4 * length * 9 / 8 + 512));
            }
        }
    }

    @Test
    void unreachableBuffers_areGivenBack() throws InterruptedException {
        allocateAndForget();
        Instant end = Instant.now().plus(PATIENCE);
        while (backend.memory().statistics().liveBytes() > 0 && Instant.now().isBefore(end)) {
            System.gc();
            Thread.sleep(10);
        }

        assertThat(backend.memory().statistics().liveBytes()).isZero();
    }

    private void allocateAndForget() {
        assertThat(List.of(backend.memory().allocate(1000), backend.memory().allocate(2000).slice(5, 10))).hasSize(2);
    }

    @Test
    void releasingTwiceOrASlice_isRefused() {
        Buffer buffer = backend.memory().allocate(10);
        assertThatThrownBy(() -> backend.memory().release(buffer.slice(2, 3))).hasMessageContaining("a slice of 3 of 10 elements");

        backend.memory().release(buffer);

        assertThatThrownBy(() -> backend.memory().release(buffer)).hasMessageContaining("released twice");
    }

    @Test
    void closing_returnsEverythingToTheDriver() {
        assumeFalse(TestDevice.isReal(), "skipped: a real driver does not count allocations");
        long before = EmulatedDriver.load().allocations();
        CudaBackend other = TestDevice.open(TestDevice.KERNELS);
        other.memory().allocate(1000);
        other.movement().gatherRows(other.memory().allocate(6), 2, new int[] {2, 0}, other.memory().allocate(4));

        other.close();

        assertThat(EmulatedDriver.load().allocations()).isEqualTo(before);
    }
}
