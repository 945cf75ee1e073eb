package io.heddle.cpu;

/**
 * A matrix cut into tiles, each a task of its own. The cuts derive from the matrix's sizes alone.
 *
 * @param rows parts of the rows
 * @param columns parts of the columns
 */
record Tiles(Chunks rows, Chunks columns) {
    /** A matrix of some size has about this many tiles or more, so that several threads have work. */
    static final int FEWEST = 4;

    /** Rows of a tile: enough that a product spends little of its time on packing. */
    private static final int HEIGHT = 256;

    /** Multiply-adds of a product that is not worth cutting. */
    private static final long SMALL = 1 << 20;

    /** Tiles of an {@code [m, n]} product over {@code k}. */
    static Tiles of(int m, int n, int k) {
        return (long) m * n * k <= SMALL ? new Tiles(Chunks.inParts(1, m), Chunks.inParts(1, n)) : of(Chunks.ofAtMost(HEIGHT, m), n);
    }

    /** Tiles with the given rows. */
    static Tiles of(Chunks rows, int n) {
        return new Tiles(rows, Chunks.inParts(Math.ceilDiv(FEWEST, Math.max(rows.count(), 1)), n));
    }

    /** At least {@code fewest} tiles with the given rows, where there are as many, whose columns are whole panels: {@code columns} counts panels. */
    static Tiles ofPanels(int fewest, Chunks rows, int panels) {
        int parts = Math.ceilDiv(fewest, Math.max(rows.count(), 1));
        return new Tiles(rows, new Chunks(panels, Math.ceilDiv(panels, parts)));
    }

    /** The number of tiles. */
    int count() {
        return rows.count() * columns.count();
    }

    /** Which part of the rows tile {@code index} has. */
    int rowBlock(int index) {
        return index / columns.count();
    }

    /** Which part of the columns tile {@code index} has. */
    int columnBlock(int index) {
        return index % columns.count();
    }

    /** The rows of {@code matrix} that tile {@code index} has. */
    Matrix rowsOf(Matrix matrix, int index) {
        return matrix.rows(rows.from(rowBlock(index)), rows.length(rowBlock(index)));
    }

    /** The columns of {@code matrix} that tile {@code index} has. */
    Matrix columnsOf(Matrix matrix, int index) {
        return matrix.columns(columns.from(columnBlock(index)), columns.length(columnBlock(index)));
    }
}
