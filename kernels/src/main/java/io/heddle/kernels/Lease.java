package io.heddle.kernels;

import io.heddle.kernels.BlockPool.Block;
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import java.util.concurrent.atomic.AtomicBoolean;

/** The use of a block: it ends when it is released, or when no buffer on it is reachable any more. */
final class Lease {
    private static final Cleaner CLEANER = Cleaner.create();

    private final long length;
    private final End end;
    private final Cleanable unreachable;

    /**
     * A lease of {@code length} elements.
     *
     * @param returned receives the block at the end
     */
    Lease(Block block, long length, Return returned) {
        this.length = length;
        this.end = new End(block, returned, new AtomicBoolean());
        this.unreachable = CLEANER.register(this, end);
    }

    /** Where a block goes. */
    @FunctionalInterface
    interface Return {
        void accept(Block block);
    }

    /** Gives the block back, once; it may not refer to the lease. */
    private record End(Block block, Return returned, AtomicBoolean ended) implements Runnable {
        @Override
        public void run() {
            if (!ended.getAndSet(true)) {
                returned.accept(block);
            }
        }
    }

    long length() {
        return length;
    }

    long address() {
        return end.block().address();
    }

    /**
     * Ends the lease.
     *
     * @throws IllegalStateException if it has ended before
     */
    void release() {
        if (end.ended().get()) {
            throw new IllegalStateException("a buffer of " + length + " elements was released twice");
        }
        unreachable.clean();
    }
}
