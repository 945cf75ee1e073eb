package io.heddle.cpu;

/**
 * Items {@code 0 … total − 1} cut into runs of a fixed size, the last one shorter: the tasks of an operation.
 *
 * @param total number of items
 * @param size items of a chunk
 */
record Chunks(int total, int size) {
    /** Elements that are worth a task: a few of such runs stay in a core's cache. */
    private static final int ELEMENTS = 1 << 14;

    /** Chunks of single elements. */
    static Chunks ofElements(int total) {
        return new Chunks(total, ELEMENTS);
    }

    /** Chunks of items of {@code width} elements. */
    static Chunks ofRuns(int total, int width) {
        return new Chunks(total, Math.max(1, ELEMENTS / width));
    }

    /** The number of chunks. */
    int count() {
        return Math.ceilDiv(total, size);
    }

    /** The first item of a chunk. */
    int from(int chunk) {
        return chunk * size;
    }

    /** The number of items of a chunk. */
    int length(int chunk) {
        return Math.min(size, total - from(chunk));
    }

    /** Runs {@code task} for every chunk. */
    void run(Workers workers, Task task) {
        workers.run(count(), chunk -> task.run(from(chunk), length(chunk)));
    }

    /** What is done to a chunk. */
    @FunctionalInterface
    interface Task {
        void run(int from, int length);
    }
}
