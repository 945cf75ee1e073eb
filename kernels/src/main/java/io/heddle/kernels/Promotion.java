package io.heddle.kernels;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Launches in which float32 meets halves: the float32 kernel of the same name runs, halves among its operands being widened before and rounded again after.
 * Few and small tensors are held in float32, so that kernels need not know of mixtures.
 */
final class Promotion {
    private final KernelLibrary floats;
    private final DeviceMemory memory;

    /** @param floats the kernels of float32 */
    Promotion(KernelLibrary floats, DeviceMemory memory) {
        this.floats = floats;
        this.memory = memory;
    }

    /** Launches the kernel of float32. */
    void run(String kernel, List<@Nullable Object> arguments, Grid grid) {
        Map<DeviceBuffer, DeviceBuffer> widened = new HashMap<>();
        for (Object argument : arguments) {
            if (argument instanceof DeviceBuffer buffer && buffer.element() == Element.HALF && !widened.containsKey(buffer)) {
                DeviceBuffer copy = memory.allocateFloat32(buffer.length());
                memory.copy(buffer, copy);
                widened.put(buffer, copy);
            }
        }
        Launch launch = floats.launch(kernel);
        for (Object argument : arguments) {
            switch (argument) {
                case null -> launch.buffer(null);
                case DeviceBuffer buffer -> launch.buffer(widened.getOrDefault(buffer, buffer));
                case Integer value -> launch.integer(value);
                case Long value -> launch.count(value);
                case Float value -> launch.real(value);
                case int[] words -> launch.structure(words);
                default -> throw new IllegalArgumentException("the argument " + argument + " of " + kernel + " cannot be passed on");
            }
        }
        launch.run(grid);
        widened.forEach((buffer, copy) -> {
            memory.copy(copy, buffer);
            memory.release(copy);
        });
    }
}
