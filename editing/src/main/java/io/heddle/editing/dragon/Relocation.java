package io.heddle.editing.dragon;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Where an object goes on the grids of an edit, and what each cell of its new place shows.
 *
 * @param from the cells of the object
 * @param to the cells that it will cover
 * @param generated the cells of {@code to} in an order
 * @param shown the object's cell that each of {@code generated} will show; on the same grid, or on one that is resized with the object
 * @param noise for each cell of the latent the one that its noise is taken from; its own outside of the object's new place
 */
record Relocation(Mask from, Mask to, Cells generated, Cells shown, int[] noise) {
    /**
     * The object scaled about its own centre and then displaced; what would leave the picture is cut off.
     *
     * @param displacement in pixels
     * @throws IllegalArgumentException if nothing of it would remain in the picture
     */
    static Relocation of(Canvas canvas, Mask object, Point displacement, double scale) {
        Mask from = canvas.onGrid(object, "the object");
        Point centre = object.centre();
        Point centreTo = centre.plus(displacement);
        IntUnaryOperator source = cell -> canvas.cellAt(from.grid(), origin(canvas.centre(from.grid(), cell), centre, centreTo, scale));
        Mask to = Mask.of(from.grid(), cell -> source.applyAsInt(cell) >= 0 && from.contains(source.applyAsInt(cell)));
        if (to.isEmpty()) {
            throw new IllegalArgumentException("the object would leave the picture: its centre would be at " + Math.round(centreTo.x()) + ","
                    + Math.round(centreTo.y()) + "; choose a smaller displacement");
        }
        Cells generated = to.cells();
        int[] shown = IntStream.of(generated.index()).map(source).toArray();
        Mask covered = to.resize(canvas.latent());
        int[] noise = IntStream.range(0, canvas.latent().cells())
                .map(cell -> {
                    int moved = canvas.cellAt(canvas.latent(), origin(canvas.centre(canvas.latent(), cell), centre, centreTo, scale));
                    return covered.contains(cell) && moved >= 0 ? moved : cell;
                })
                .toArray();
        return new Relocation(from, to, generated, new Cells(from.grid(), shown), noise);
    }

    /** The place from which a position of the result is taken. */
    private static Point origin(Point position, Point centre, Point centreTo, double scale) {
        return position.minus(centreTo).times(1 / scale, 1 / scale).plus(centre);
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
