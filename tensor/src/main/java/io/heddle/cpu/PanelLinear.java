package io.heddle.cpu;

/** Products of many rows with one weight, which is laid out in panels at each call: the rows of the batch share that work. */
final class PanelLinear {
    /** Rows of a tile: a multiple of what the product takes at a time. */
    private static final int HEIGHT = 240;

    /** So many that threads end at about the same time. */
    private static final int FEWEST_TILES = 16;

    private final Workers workers;
    private final PanelGemm gemm;
    private final Scratch layouts = new Scratch();

    /** Products by {@code gemm}, whose bits must not depend on the number of rows, on {@code workers}. */
    PanelLinear(Workers workers, PanelGemm gemm) {
        this.workers = workers;
        this.gemm = gemm;
    }

    /**
     * {@code c = a·b + addends}.
     *
     * @param a {@code [m, k]}
     * @param b {@code [k, n]}
     * @param c {@code [m, n]}
     */
    void multiply(Matrix a, Matrix b, Addends addends, Matrix c) {
        int width = gemm.width(c.columns());
        int count = Math.ceilDiv(c.columns(), width);
        Panels panels = new Panels(layouts.array(Panels.elements(b.rows(), c.columns(), width)), b.rows(), width);
        workers.run(count, n -> panels.pack(b, n));
        Tiles tiles = Tiles.ofPanels(FEWEST_TILES, new Chunks(c.rows(), HEIGHT), count);
        workers.run(tiles.count(), task -> {
            Matrix rows = tiles.rowsOf(a, task);
            Matrix result = tiles.rowsOf(c, task);
            int first = tiles.columns().from(tiles.columnBlock(task));
            for (int n = first; n < first + tiles.columns().length(tiles.columnBlock(task)); n++) {
                Matrix block = result.columns(n * width, Math.min(width, c.columns() - n * width));
                gemm.multiply(rows, panels.panel(n), addends.begin(block) == 1, block);
            }
        });
    }
}
