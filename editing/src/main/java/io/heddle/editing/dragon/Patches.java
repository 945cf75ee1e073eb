package io.heddle.editing.dragon;

import io.heddle.spi.Extent;

/**
 * Squares of 3x3 cells around points, inside the picture.
 *
 * @param canvas the grids
 * @param published whether columns are limited by the picture's height, and squares on the latent may stick out, as in the published code
 */
record Patches(Canvas canvas, boolean published) {
    private static final int RADIUS = 1;

    /** The square around a point, on the grid of energies. */
    Mask around(Point point) {
        Extent grid = canvas.grid();
        int centre = centre(point);
        int row = centre / grid.width();
        int column = centre % grid.width();
        return Mask.of(grid, cell -> Math.abs(cell / grid.width() - row) <= RADIUS && Math.abs(cell % grid.width() - column) <= RADIUS);
    }

    /** The start latent's square around a handle's end becomes the one around its start, taken from what is there already. */
    void copy(Drag.Handle handle, int[] noise) {
        Extent latent = canvas.latent();
        int[] before = noise.clone();
        int from = onLatent(centre(handle.from()));
        int to = onLatent(centre(handle.to()));
        for (int row = -RADIUS; row <= RADIUS; row++) {
            for (int column = -RADIUS; column <= RADIUS; column++) {
                int offset = row * latent.width() + column;
                noise[to + offset] = before[from + offset];
            }
        }
    }

    /** The cell of the energies' grid that a point lies in, moved inside so far that its square fits. */
    int centre(Point point) {
        Extent grid = canvas.grid();
        Point pitch = canvas.pitch(grid);
        int row = (int) Math.floor(point.y() / pitch.y());
        int column = (int) Math.floor(point.x() / pitch.x());
        int lastColumn = (published ? grid.height() : grid.width()) - 1 - RADIUS;
        if (lastColumn > grid.width() - 1 - RADIUS) {
            throw new IllegalArgumentException(
                    "the published code lets points of a picture that is higher than wide leave it: drag without --reference");
        }
        return Math.clamp(row, RADIUS, grid.height() - 1 - RADIUS) * grid.width() + Math.clamp(column, RADIUS, lastColumn);
    }

    private int onLatent(int cell) {
        Extent grid = canvas.grid();
        Extent latent = canvas.latent();
        int row = cell / grid.width() * latent.height() / grid.height();
        int column = cell % grid.width() * latent.width() / grid.width();
        if (published && (row < RADIUS || column < RADIUS)) {
            throw new IllegalArgumentException("the published code fails for points in the first " + Math.round(canvas.pitch(latent).x())
                    + " pixels of a picture: choose others");
        }
        return Math.clamp(row, RADIUS, latent.height() - 1 - RADIUS) * latent.width() + Math.clamp(column, RADIUS, latent.width() - 1 - RADIUS);
    }
}
