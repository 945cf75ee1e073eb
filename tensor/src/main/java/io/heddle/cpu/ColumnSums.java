package io.heddle.cpu;

/** Sums over the rows of a matrix, in double precision and in ascending order: the gradient of a bias. */
final class ColumnSums {
    /** Columns of one task. */
    private static final int WIDTH = 512;

    private ColumnSums() {}

    /** {@code sums[j] = Σ over i of x[i, j]}. */
    static void write(Matrix x, HeapBuffer sums, Workers workers) {
        Chunks columns = new Chunks(x.columns(), WIDTH);
        workers.run(columns.count(), task -> {
            int first = columns.from(task);
            int count = columns.length(task);
            double[] sum = new double[count];
            for (int i = 0; i < x.rows(); i++) {
                add(x.array(), x.offset() + i * x.stride() + first, sum, count);
            }
            for (int j = 0; j < count; j++) {
                sums.array()[sums.offset() + first + j] = (float) sum[j];
            }
        });
    }

    private static void add(float[] x, int at, double[] sum, int count) {
        for (int j = 0; j < count; j++) {
            sum[j] += x[at + j];
        }
    }
}
