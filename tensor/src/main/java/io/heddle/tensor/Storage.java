package io.heddle.tensor;

import io.heddle.spi.Buffer;
import io.heddle.spi.Memory;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Device memory shared by a tensor, its views and the recordings that saved it; given back when the last of them lets go. */
final class Storage {
    private static final AtomicLong VERSIONS = new AtomicLong();

    private final Memory memory;
    private volatile @Nullable Buffer buffer;
    private final boolean float32;
    private final AtomicInteger holders = new AtomicInteger(1);
    private volatile long version = VERSIONS.incrementAndGet();

    Storage(Memory memory, long length, boolean float32) {
        this.memory = memory;
        this.float32 = float32;
        this.buffer = float32 ? memory.allocateFloat32(length) : memory.allocate(length);
    }

    /** The elements, or null once they have been given back: the handles that are left do not hold them. */
    @Nullable Buffer buffer() {
        return buffer;
    }

    /** Whether the elements are held in float32 whatever the device's precision is. */
    boolean isFloat32() {
        return float32;
    }

    /** A number that no other contents of any storage have: layouts derived from the contents may be kept under it. */
    long version() {
        return version;
    }

    /** Says that the contents have changed. */
    void changed() {
        version = VERSIONS.incrementAndGet();
    }

    /** One holder more: what was given back stays so, as another may have it. */
    Storage retain() {
        if (holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            throw new LifetimeException("a tensor is used after its elements were given back; keep it with Scope.keep");
        }
        return this;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            Buffer given = Objects.requireNonNull(buffer);
            buffer = null;
            memory.release(given);
        }
    }
}
