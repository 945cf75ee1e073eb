package io.heddle.editing.dragon;

import io.heddle.spi.Extent;
import java.util.stream.IntStream;

/**
 * {@link Relocation} as the published code has it: scaled about the picture's centre, with displacements rounded on each grid by itself and wrapped around
 * the picture's border.
 */
final class PublishedRelocation {
    private PublishedRelocation() {}

    static Relocation of(Canvas canvas, Mask object, Point displacement, double scale) {
        Extent grid = canvas.grid();
        Mask from = canvas.onGrid(object, "the object");
        Mask resized = object.resize(scaled(grid, scale));
        Point pitch = canvas.pitch(grid);
        Extent rolling = new Extent(
                (int) (Math.floor(displacement.y() / pitch.y()) * scale), (int) (Math.floor(displacement.x() / pitch.x()) * scale));
        Mask rolled = rolled(resized, rolling);
        Mask to = centred(rolled, grid);
        if (to.count() != resized.count()) {
            throw new IllegalArgumentException("the object of " + resized.count() + " cells would lose " + (resized.count() - to.count())
                    + " at the picture's border, which the published code refuses: choose a smaller scale");
        }
        return new Relocation(from, to, to.cells(), resized.cells(), noise(canvas, to, displacement, scale));
    }

    /** The second picture's object at its place in the edited one. */
    static Relocation ofPasted(Canvas canvas, Mask object, Point displacement) {
        canvas.onGrid(object, "the object");
        Extent grid = canvas.grid();
        Point pitch = canvas.pitch(grid);
        Mask to = rolled(object, new Extent((int) displacement.y(), (int) displacement.x())).resize(grid);
        Mask from = rolled(to, new Extent(-(int) (displacement.y() / pitch.y()), -(int) (displacement.x() / pitch.x())));
        return new Relocation(from, to, to.cells(), from.cells(), noise(canvas, to, displacement, 1));
    }

    private static int[] noise(Canvas canvas, Mask to, Point displacement, double scale) {
        Extent latent = canvas.latent();
        Extent resized = scaled(latent, scale);
        Point pitch = canvas.pitch(latent);
        Extent rolling = new Extent((int) (displacement.y() / pitch.y() * scale), (int) (displacement.x() / pitch.x() * scale));
        Mask covered = to.resize(latent);
        return IntStream.range(0, latent.cells())
                .map(cell -> {
                    int inner = inner(latent, resized, cell);
                    return covered.contains(cell) && inner >= 0
                            ? Mask.nearest(latent, resized, rolledFrom(resized, rolling, inner))
                            : cell;
                })
                .toArray();
    }

    private static Extent scaled(Extent grid, double scale) {
        return new Extent((int) (grid.height() * scale), (int) (grid.width() * scale));
    }

    /** A mask rolled by whole cells around the border. */
    static Mask rolled(Mask mask, Extent by) {
        return Mask.of(mask.grid(), cell -> mask.contains(rolledFrom(mask.grid(), by, cell)));
    }

    private static int rolledFrom(Extent grid, Extent by, int cell) {
        int row = Math.floorMod(cell / grid.width() - by.height(), grid.height());
        int column = Math.floorMod(cell % grid.width() - by.width(), grid.width());
        return row * grid.width() + column;
    }

    /** A mask in the middle of another grid: cropped where it is larger, padded where it is smaller. */
    private static Mask centred(Mask mask, Extent grid) {
        return Mask.of(grid, cell -> {
            int inner = inner(grid, mask.grid(), cell);
            return inner >= 0 && mask.contains(inner);
        });
    }

    /** The cell of a grid in the middle of another one, or −1 beside it. */
    private static int inner(Extent outer, Extent inner, int cell) {
        int row = cell / outer.width() - Math.floorDiv(outer.height() - inner.height(), 2);
        int column = cell % outer.width() - Math.floorDiv(outer.width() - inner.width(), 2);
        boolean inside = 0 <= row && row < inner.height() && 0 <= column && column < inner.width();
        return inside ? row * inner.width() + column : -1;
    }
}
