package io.heddle.spi;

/** Work that is recorded once and repeated with one call, which spares the host the kernels' launches. */
public interface Graphs {
    /**
     * Does the work and records it.
     *
     * <p>The work runs twice: first in earnest, then for the record, when nothing is computed. It asks for the same both times, and for nothing that takes
     * the host: no transfer and no waiting. Buffers from outside stay where they are as long as the graph is used. Buffers that the work allocates it
     * releases before it ends: other graphs write there.
     *
     * @throws IllegalStateException if the work asks for what cannot be repeated; nothing is recorded then
     */
    Graph record(Runnable work);

    /** Recorded work. */
    interface Graph extends AutoCloseable {
        /** Does the work again, after what was asked of the backend before: with the bits of the first time, if its operands have them. */
        void launch();

        /** Forgets the work. */
        @Override
        void close();
    }
}
