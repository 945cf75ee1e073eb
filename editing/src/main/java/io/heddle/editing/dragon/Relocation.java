package io.heddle.editing.dragon;

import io.heddle.spi.Extent;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Where an object goes on the grids of an edit, and what each cell of its new place shows.
 *
 * @param from the cells of the object
 * @param to the cells that it will cover
 * @param generated the cells of {@code to} in an order
 * @param shown the object's cell that each of {@code generated} will show; on the same grid, or on one that is resized with the object
 * @param noise for each cell of the latent the one that its noise is taken from; its own outside of the object's
 *     old and new place
 */
record Relocation(Mask from, Mask to, Cells generated, Cells shown, int[] noise) {
    /**
     * The object scaled about its own centre and then displaced; what would leave the picture is cut off.
     *
     * @param displacement in pixels
     * @throws IllegalArgumentException if nothing of it would remain in the picture, or of its cells
     */
    static Relocation of(Canvas canvas, Mask object, Point displacement, double scale) {
        Mask from = canvas.onGrid(object, "the object");
        Point centre = object.centre();
        Point centreTo = centre.plus(displacement);
        IntUnaryOperator source = cell -> canvas.cellAt(from.grid(), origin(canvas.centre(from.grid(), cell), centre, centreTo, scale));
        Mask to = Mask.of(from.grid(), cell -> source.applyAsInt(cell) >= 0 && from.contains(source.applyAsInt(cell)));
        if (to.isEmpty()) {
            boolean small = scale < 1 && canvas.cellAt(from.grid(), centreTo) >= 0;
            throw new IllegalArgumentException(small
                    ? "the object resized by " + scale + " would cover none of the cells that features are compared on: choose a larger scale"
                    : "the object would leave the picture: its centre would be at " + Math.round(centreTo.x()) + "," + Math.round(centreTo.y())
                            + "; choose a smaller displacement");
        }
        Cells generated = to.cells();
        int[] shown = IntStream.of(generated.index()).map(source).toArray();
        Extent latent = canvas.latent();
        Mask covered = to.resize(latent);
        Mask vacated = from.resize(latent).minus(covered);
        Mask untouched = from.or(to).resize(latent).not();
        int[] noise = IntStream.range(0, latent.cells())
                .map(cell -> {
                    int moved = canvas.cellAt(latent, origin(canvas.centre(latent, cell), centre, centreTo, scale));
                    int filled = vacated.contains(cell) ? beside(untouched, cell) : cell;
                    return covered.contains(cell) && moved >= 0 ? moved : filled;
                })
                .toArray();
        return new Relocation(from, to, generated, new Cells(from.grid(), shown), noise);
    }

    /** The place from which a position of the result is taken. */
    private static Point origin(Point position, Point centre, Point centreTo, double scale) {
        return position.minus(centreTo).times(1 / scale, 1 / scale).plus(centre);
    }

    /** The untouched cell of the same row that mirrors a cell at the border of what is untouched, or the nearest one; without any, the cell itself. */
    private static int beside(Mask untouched, int cell) {
        int width = untouched.grid().width();
        int row = cell / width * width;
        for (int distance = 1; distance < width; distance++) {
            for (int side = -1; side <= 1; side += 2) {
                int border = cell - row + side * distance;
                if (0 <= border && border < width && untouched.contains(row + border)) {
                    int mirrored = border + side * (distance - 1);
                    return row + (0 <= mirrored && mirrored < width && untouched.contains(row + mirrored) ? mirrored : border);
                }
            }
        }
        return cell;
    }

    /** The cells that the object leaves. */
    Mask vacated() {
        return from.minus(to);
    }

    /** The cells that it neither covered nor will cover. */
    Mask untouched() {
        return from.or(to).not();
    }
}
