package io.heddle.kernels;

import io.heddle.spi.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The operands of one call of a library of NVIDIA's, which chooses its algorithm by their alignment: those that are not aligned are copied, so that a result
 * has the same bits wherever its operands lie. So are those that do not hold what the memory holds otherwise. Closing writes the result back.
 */
final class AlignedOperands implements AutoCloseable {
    private static final long ALIGNMENT = 16;

    private final DeviceMemory memory;
    private final List<Runnable> endings = new ArrayList<>();

    AlignedOperands(DeviceMemory memory) {
        this.memory = memory;
    }

    /** What the call reads. */
    DeviceBuffer read(Buffer given) {
        DeviceBuffer operand = aligned(given);
        if (operand != given) {
            memory.copy(given, operand);
            endings.add(() -> memory.release(operand));
        }
        return operand;
    }

    /** What the call writes, all of it. */
    DeviceBuffer written(Buffer given) {
        DeviceBuffer operand = aligned(given);
        if (operand != given) {
            endings.add(() -> {
                memory.copy(operand, given);
                memory.release(operand);
            });
        }
        return operand;
    }

    private DeviceBuffer aligned(Buffer given) {
        DeviceBuffer buffer = DeviceBuffer.of(given);
        return buffer.element() == memory.element() && buffer.address() % ALIGNMENT == 0 ? buffer : memory.allocate(buffer.length());
    }

    @Override
    public void close() {
        endings.forEach(Runnable::run);
    }
}
