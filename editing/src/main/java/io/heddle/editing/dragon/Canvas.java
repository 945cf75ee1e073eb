package io.heddle.editing.dragon;

import io.heddle.spi.Extent;

/**
 * The grids of one edit: the picture's pixels, the latent's cells, and between them the cells on which energies compare features, two for each of the
 * latent in both directions.
 *
 * @param picture height and width of the picture
 * @param latent height and width of its latent
 */
record Canvas(Extent picture, Extent latent) {
    private static final int CELLS_PER_LATENT_CELL = 2;

    /** The grid that energies are computed on. */
    Extent grid() {
        return new Extent(CELLS_PER_LATENT_CELL * latent.height(), CELLS_PER_LATENT_CELL * latent.width());
    }

    /** A user's mask of the picture on the grid of energies. */
    Mask onGrid(Mask mask, String what) {
        if (!mask.grid().equals(picture)) {
            throw new IllegalArgumentException("the mask of " + what + " has " + size(mask.grid()) + " pixels, but the picture has " + size(picture)
                    + ": give one of the picture's size");
        }
        Mask cells = mask.resize(grid());
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("the mask of " + what + " covers none of the " + size(grid())
                    + " cells that features are compared on: make it larger");
        }
        return cells;
    }

    /** What is edited, given on the grid of energies, as cells of the latent: the edit's gradient counts in these alone. */
    Mask onLatent(Mask edited) {
        Mask cells = edited.resize(latent);
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("what is edited covers none of the " + size(latent) + " cells of the latent: make its mask larger");
        }
        return cells;
    }

    private static String size(Extent extent) {
        return extent.width() + "x" + extent.height();
    }

    /** The pixels between the centres of neighbouring cells of a grid. */
    Point pitch(Extent cells) {
        return new Point(picture.width() / (double) cells.width(), picture.height() / (double) cells.height());
    }

    /** The pixel position of a cell's centre. */
    Point centre(Extent cells, int cell) {
        Point pitch = pitch(cells);
        return new Point((cell % cells.width() + 0.5) * pitch.x(), (cell / cells.width() + 0.5) * pitch.y());
    }

    /** The cell that a pixel position lies in, or −1 outside of the picture. */
    int cellAt(Extent cells, Point position) {
        Point pitch = pitch(cells);
        double column = Math.floor(position.x() / pitch.x());
        double row = Math.floor(position.y() / pitch.y());
        boolean inside = 0 <= column && column < cells.width() && 0 <= row && row < cells.height();
        return inside ? (int) row * cells.width() + (int) column : -1;
    }
}
