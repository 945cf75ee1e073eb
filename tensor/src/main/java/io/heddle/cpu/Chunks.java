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

    private static final int GRAIN = 16;

    /** Chunks of single elements. */
    static Chunks ofElements(int total) {
        return new Chunks(total, ELEMENTS);
    }

    /** Chunks of items of {@code width} elements. */
    static Chunks ofRuns(int total, int width) {
        return new Chunks(total, Math.max(1, ELEMENTS / Math.max(1, width)));
    }

    /** The fewest equal chunks of at most about {@code largest} items. */
    static Chunks ofAtMost(int largest, int total) {
        return inParts(Math.ceilDiv(total, largest), total);
    }

    /** At most {@code parts} equal chunks; where they are that long, they begin at multiples of a cache line of floats. */
    static Chunks inParts(int parts, int total) {
        int even = Math.ceilDiv(Math.max(total, 1), Math.max(parts, 1));
        return new Chunks(total, Math.ceilDiv(even, GRAIN) * GRAIN);
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
