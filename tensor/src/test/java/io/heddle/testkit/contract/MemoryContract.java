package io.heddle.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.spi.Backend;
import io.heddle.spi.Buffer;
import io.heddle.testkit.Buffers;
import io.heddle.testkit.TensorAssert;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

interface MemoryContract extends Contract {
    float[] VALUES = {0, -0.0f, 1, -2.5f, Float.MIN_VALUE, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN, 1e-30f};

    @Test
    default void upload_thenDownload_keepsEveryBit() {
        try (Buffers buffers = new Buffers(backends().single())) {
            TensorAssert.assertSameBits("values", buffers.read(buffers.of(VALUES)), VALUES);
        }
    }

    @Test
    default void transfers_takeUnalignedMemory() {
        Backend backend = backends().single();
        try (Buffers buffers = new Buffers(backend);
                Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(VALUES.length * 4L + 1).asSlice(1);
            MemorySegment target = arena.allocate(VALUES.length * 4L + 3).asSlice(3);
            MemorySegment.copy(VALUES, 0, source, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, VALUES.length);
            Buffer buffer = buffers.allocate(VALUES.length);

            backend.memory().upload(source, buffer);
            backend.memory().download(buffer, target);

            TensorAssert.assertSameBits("values", target.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), VALUES);
        }
    }

    @Test
    default void slice_sharesMemory() {
        Backend backend = backends().single();
        try (Buffers buffers = new Buffers(backend)) {
            Buffer buffer = buffers.of(0, 1, 2, 3, 4, 5, 6);

            Buffer slice = buffer.slice(1, 5).slice(2, 3);
            assertThat(slice.length()).isEqualTo(3);
            assertThat(buffers.read(slice)).containsExactly(3, 4, 5);
            backend.memory().fill(slice, 9);

            assertThat(buffers.read(buffer)).containsExactly(0, 1, 2, 9, 9, 9, 6);
        }
    }

    @Test
    default void slice_outsideTheBuffer_isRefused() {
        try (Buffers buffers = new Buffers(backends().single())) {
            Buffer buffer = buffers.allocate(6);
            Buffer slice = buffer.slice(2, 3);

            assertThatThrownBy(() -> buffer.slice(4, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.slice(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> slice.slice(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    default void copy_andFill_writeTheWholeBuffer() {
        Backend backend = backends().single();
        try (Buffers buffers = new Buffers(backend)) {
            Buffer target = buffers.allocate(VALUES.length);

            backend.memory().copy(buffers.of(VALUES), target);
            TensorAssert.assertSameBits("copy", buffers.read(target), VALUES);
            backend.memory().fill(target, -3);
            assertThat(buffers.read(target)).containsOnly(-3).hasSameSizeAs(VALUES);
        }
    }

    @Test
    default void buffersOfNoElements_areAllowed() {
        try (Buffers buffers = new Buffers(backends().single())) {
            assertThat(buffers.read(buffers.of())).isEmpty();
        }
    }

    @Test
    default void capacity_isMoreThanWhatIsInUse() {
        Backend backend = backends().single();
        try (Buffers buffers = new Buffers(backend)) {
            buffers.allocate(1000);
            assertThat(backend.memory().capacity()).isGreaterThan(backend.memory().statistics().liveBytes());
        }
    }

    @Test
    default void statistics_followAllocationAndRelease() {
        Backend backend = backends().single();
        long before = backend.memory().statistics().liveBytes();

        try (Buffers buffers = new Buffers(backend)) {
            buffers.allocate(1000);
            assertThat(backend.memory().statistics().liveBytes()).isGreaterThanOrEqualTo(before + 4000);
            assertThat(backend.memory().statistics().peakBytes()).isGreaterThanOrEqualTo(before + 4000);
        }

        assertThat(backend.memory().statistics().liveBytes()).isEqualTo(before);
    }
}
