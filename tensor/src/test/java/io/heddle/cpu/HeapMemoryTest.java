package io.heddle.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.spi.MemoryStatistics;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HeapMemoryTest {
    @Test
    void releasedArray_isHandedOutAgainForTheSameLength() {
        HeapMemory memory = new HeapMemory(1000);
        HeapBuffer buffer = memory.allocate(10);
        memory.release(buffer);
        assertThat(memory.allocate(11).array()).isNotSameAs(buffer.array());
        assertThat(memory.allocate(10).array()).isSameAs(buffer.array());
        assertThat(memory.allocate(10).array()).isNotSameAs(buffer.array());
    }

    @Test
    void statistics_countLivePeakAndPooledBytes() {
        HeapMemory memory = new HeapMemory(1000);
        HeapBuffer first = memory.allocate(10);
        HeapBuffer second = memory.allocate(5);
        memory.release(first);
        assertThat(memory.statistics()).isEqualTo(new MemoryStatistics(20, 60, 40));
        memory.release(second);
        memory.allocate(10);
        assertThat(memory.statistics()).isEqualTo(new MemoryStatistics(40, 60, 20));
        memory.clear();
        assertThat(memory.statistics()).isEqualTo(new MemoryStatistics(40, 60, 0));
    }

    @Test
    void pool_dropsTheLengthNotUsedForLongest() {
        HeapMemory memory = new HeapMemory(100);
        HeapBuffer old = memory.allocate(10);
        HeapBuffer recent = memory.allocate(12);
        memory.release(old);
        memory.release(recent);
        HeapBuffer newest = memory.allocate(8);
        memory.release(newest);
        assertThat(memory.statistics().pooledBytes()).isEqualTo(80);
        assertThat(memory.allocate(12).array()).isSameAs(recent.array());
        assertThat(memory.allocate(8).array()).isSameAs(newest.array());
        assertThat(memory.allocate(10).array()).isNotSameAs(old.array());
    }

    @Test
    void sliceAndForeignLengths_areRefused() {
        HeapMemory memory = new HeapMemory(100);
        HeapBuffer buffer = memory.allocate(10);
        assertThatThrownBy(() -> memory.release(buffer.slice(2, 3))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slice of 3 of 10");
        assertThatThrownBy(() -> memory.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.allocate(1L << 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.copy(buffer, memory.allocate(9))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> buffer.slice(8, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void transfers_workThroughSlicesAndUnalignedSegments() {
        HeapMemory memory = new HeapMemory(100);
        HeapBuffer slice = memory.allocate(6).slice(1, 4).slice(1, 2);
        memory.fill(slice, 3);
        assertThat(Arrays.copyOfRange(slice.array(), 2, 4)).containsExactly(3, 3);
        byte[] bytes = new byte[9];
        memory.download(slice, MemorySegment.ofArray(bytes).asSlice(1));
        HeapBuffer other = memory.allocate(2);
        memory.upload(MemorySegment.ofArray(bytes).asSlice(1), other);
        assertThat(other.array()).containsExactly(3, 3);
        memory.fill(other, 5);
        memory.copy(other, slice);
        assertThat(Arrays.copyOfRange(slice.array(), 2, 4)).containsExactly(5, 5);
    }
}
