package io.heddle.editing.dragon;

import io.heddle.image.Picture;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Some cells of a grid: the pixels of an object, or the cells of a feature map that it covers. Immutable. */
public final class Mask {
    private final Extent grid;
    private final BitSet cells;

    private Mask(Extent grid, BitSet cells) {
        this.grid = grid;
        this.cells = cells;
    }

    /** The cells that a predicate holds for; cells are numbered row by row from 0. */
    public static Mask of(Extent grid, IntPredicate contained) {
        BitSet cells = new BitSet(grid.cells());
        IntStream.range(0, grid.cells()).filter(contained).forEach(cells::set);
        return new Mask(grid, cells);
    }

    /**
     * The pixels of a picture that are lighter than a threshold.
     *
     * @param threshold 0 to 255; the largest of red, green and blue counts
     */
    public static Mask of(Picture picture, int threshold) {
        return of(new Extent(picture.height(), picture.width()), cell -> {
            int rgb = picture.rgb(cell % picture.width(), cell / picture.width());
            return Math.max(rgb >> 16 & 0xff, Math.max(rgb >> 8 & 0xff, rgb & 0xff)) > threshold;
        });
    }

    /** The cells whose centres lie in the rectangle that starts at {@code corner}; sizes are in cells. */
    public static Mask rectangle(Extent grid, Point corner, Point size) {
        return of(grid, cell -> {
            double x = cell % grid.width() + 0.5 - corner.x();
            double y = cell / grid.width() + 0.5 - corner.y();
            return 0 <= x && x < size.x() && 0 <= y && y < size.y();
        });
    }

    /** The cells whose centres lie in the ellipse around {@code centre}; radii are in cells. */
    public static Mask ellipse(Extent grid, Point centre, Point radii) {
        return of(grid, cell -> {
            double x = (cell % grid.width() + 0.5 - centre.x()) / radii.x();
            double y = (cell / grid.width() + 0.5 - centre.y()) / radii.y();
            return x * x + y * y <= 1;
        });
    }

    /** The grid. */
    public Extent grid() {
        return grid;
    }

    /** Whether a cell, numbered row by row from 0, is contained. */
    public boolean contains(int cell) {
        return cells.get(cell);
    }

    /** How many cells are contained. */
    public int count() {
        return cells.cardinality();
    }

    /** Whether no cell is contained. */
    public boolean isEmpty() {
        return cells.isEmpty();
    }

    /** The mean of the cells' centres. */
    public Point centre() {
        double x = cells.stream().mapToDouble(cell -> cell % grid.width() + 0.5).average().orElseThrow();
        double y = cells.stream().mapToDouble(cell -> cell / grid.width() + 0.5).average().orElseThrow();
        return new Point(x, y);
    }

    /** This mask on another grid, each cell as the nearest one here: {@code ⌊cell·from/to⌋} in both directions. */
    public Mask resize(Extent to) {
        return to.equals(grid) ? this : of(to, cell -> cells.get(nearest(grid, to, cell)));
    }

    /** The cell of grid {@code from} that a nearest-neighbour resize copies to a cell of grid {@code to}. */
    static int nearest(Extent from, Extent to, int cell) {
        int row = (int) ((long) (cell / to.width()) * from.height() / to.height());
        int column = (int) ((long) (cell % to.width()) * from.width() / to.width());
        return row * from.width() + column;
    }

    /** The cells of either mask. */
    public Mask or(Mask other) {
        BitSet union = (BitSet) cells.clone();
        union.or(other.cells);
        return new Mask(grid, union);
    }

    /** The cells that the other mask lacks. */
    public Mask minus(Mask other) {
        BitSet difference = (BitSet) cells.clone();
        difference.andNot(other.cells);
        return new Mask(grid, difference);
    }

    /** The cells that this mask lacks. */
    public Mask not() {
        return of(grid, cell -> !cells.get(cell));
    }

    /** The contained cells, row by row. */
    Cells cells() {
        return new Cells(grid, cells.stream().toArray());
    }

    /** 1 where a cell is contained, 0 elsewhere, {@code [1, height, width, 1]}. */
    public Tensor tensor(Device device) {
        float[] values = new float[grid.cells()];
        cells.stream().forEach(cell -> values[cell] = 1);
        return device.tensor(Shape.of(1, grid.height(), grid.width(), 1), values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mask that && grid.equals(that.grid) && cells.equals(that.cells);
    }

    @Override
    public int hashCode() {
        return cells.hashCode();
    }

    @Override
    public String toString() {
        return count() + " cells of " + grid.width() + "x" + grid.height();
    }
}
