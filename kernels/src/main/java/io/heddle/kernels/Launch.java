package io.heddle.kernels;

import static jcuda.driver.JCudaDriver.cuFuncSetAttribute;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;

import io.heddle.spi.Buffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.StringJoiner;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import org.jspecify.annotations.Nullable;

/**
 * One launch in the making: the arguments in the order of the kernel's parameters, then the grid.
 *
 * <p>The arguments lie outside of the heap, behind the table of pointers to them that the driver reads; both are written anew for each launch, because the
 * driver copies the values during the call. JCuda's own nested pointers would cost twenty times as much.
 */
final class Launch {
    private static final int MOST_ARGUMENTS = 32;
    private static final long TABLE_BYTES = MOST_ARGUMENTS * Long.BYTES;
    private static final long VALUE_BYTES = 1024;
    /** Shared memory that every kernel may have; more is asked for. */
    private static final int SHARED_BYTES = 48 << 10;

    private final CudaContext context;
    private final boolean synchronous;
    private final @Nullable Promotion promotion;
    private final MemorySegment memory = Arena.ofAuto().allocate(TABLE_BYTES + VALUE_BYTES, Long.BYTES);
    private final Address table = new Address(memory.address());
    private final @Nullable Object[] arguments = new @Nullable Object[MOST_ARGUMENTS];
    private String kernel = "";
    private CUfunction function = new CUfunction();
    private int count;
    private boolean hasFloats;
    private long end;

    /**
     * @param synchronous whether each launch waits for its kernel, so that a failure names it
     * @param promotion takes over launches with float32 among the operands; null if these are the kernels of float32
     */
    Launch(CudaContext context, boolean synchronous, @Nullable Promotion promotion) {
        this.context = context;
        this.synchronous = synchronous;
        this.promotion = promotion;
    }

    /** Begins another launch. */
    Launch of(String name, CUfunction found) {
        kernel = name;
        function = found;
        count = 0;
        hasFloats = false;
        end = TABLE_BYTES;
        return this;
    }

    /** The address of a buffer, or of nothing. */
    Launch buffer(@Nullable Buffer buffer) {
        @Nullable DeviceBuffer device = buffer == null ? null : DeviceBuffer.of(buffer);
        hasFloats |= device != null && device.element() == Element.FLOAT;
        memory.set(ValueLayout.JAVA_LONG, next(device, Long.BYTES), device == null ? 0 : device.address());
        return this;
    }

    /** A parameter of type {@code int}. */
    Launch integer(int value) {
        memory.set(ValueLayout.JAVA_INT, next(value, Long.BYTES), value);
        return this;
    }

    /** A parameter of type {@code long long}. */
    Launch count(long value) {
        memory.set(ValueLayout.JAVA_LONG, next(value, Long.BYTES), value);
        return this;
    }

    /** A parameter of type {@code float}. */
    Launch real(float value) {
        memory.set(ValueLayout.JAVA_FLOAT, next(value, Long.BYTES), value);
        return this;
    }

    /** A structure of {@code int} and {@code float} members, four bytes each, passed by value. */
    Launch structure(int... words) {
        MemorySegment.copy(words, 0, memory, ValueLayout.JAVA_INT, next(words, (words.length + 1) / 2 * Long.BYTES), words.length);
        return this;
    }

    private long next(@Nullable Object argument, int bytes) {
        long at = end;
        memory.setAtIndex(ValueLayout.JAVA_LONG, count, memory.address() + at);
        arguments[count++] = argument;
        end += bytes;
        return at;
    }

    /** Launches on the stream; an empty grid is nothing to do. */
    void run(Grid grid) {
        run(grid, 0);
    }

    /** Launches with so many bytes of dynamic shared memory. */
    void run(Grid grid, int sharedBytes) {
        if (promotion != null && hasFloats) {
            promotion.run(kernel, Arrays.asList(Arrays.copyOf(arguments, count)), grid);
        } else if (!grid.isEmpty()) {
            submit(grid, sharedBytes);
        }
        for (int i = 0; i < count; i++) {
            Reference.reachabilityFence(arguments[i]);
            arguments[i] = null;
        }
    }

    private void submit(Grid grid, int sharedBytes) {
        context.enter();
        if (sharedBytes > SHARED_BYTES) {
            int result = cuFuncSetAttribute(function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, sharedBytes);
            Results.driver(result, "cuFuncSetAttribute of " + kernel + " to " + sharedBytes + " bytes of shared memory");
        }
        int result = cuLaunchKernel(
                function, grid.x(), grid.y(), grid.z(), grid.threadsX(), grid.threadsY(), 1, sharedBytes, context.stream(), table, null);
        if (result != 0) {
            throw Results.failure(result, "cuLaunchKernel of " + description(grid));
        }
        if (synchronous) {
            context.synchronize("cuStreamSynchronize after " + description(grid));
        }
    }

    private String description(Grid grid) {
        StringJoiner list = new StringJoiner(", ", kernel + grid + "(", ")");
        for (int i = 0; i < count; i++) {
            list.add(switch (arguments[i]) {
                case DeviceBuffer buffer -> buffer.length() + " elements";
                case int[] words -> Arrays.toString(words);
                case null -> "nothing";
                default -> arguments[i].toString();
            });
        }
        return list.toString();
    }
}
