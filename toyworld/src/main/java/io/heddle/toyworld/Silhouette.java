package io.heddle.toyworld;

/**
 * The outline of a region of cells, freed from place and size.
 *
 * <p>Its middle is the centroid, its unit the root mean square of the distances of its cells from there.
 */
final class Silhouette {
    private static final int SIDE = Oracle.SILHOUETTE_SIDE;
    private static final int GRID = Segmentation.GRID;

    private final boolean[] region;
    private final double x;
    private final double y;
    private final double spread;
    private final float[] shape = new float[SIDE * SIDE];

    /** The silhouette of a region {@code [64, 64]} of at least one cell. */
    Silhouette(boolean[] region) {
        this.region = region;
        double sumX = 0;
        double sumY = 0;
        double squares = 0;
        int count = 0;
        for (int i = 0; i < region.length; i++) {
            if (region[i]) {
                double cx = i % GRID + 0.5;
                double cy = i / GRID + 0.5;
                sumX += cx;
                sumY += cy;
                squares += cx * cx + cy * cy;
                count++;
            }
        }
        x = sumX / count;
        y = sumY / count;
        // a cell's own extent adds 1/6, and keeps a single cell from having none
        spread = Math.sqrt(squares / count - x * x - y * y + 1.0 / 6);
        for (int row = 0; row < SIDE; row++) {
            for (int column = 0; column < SIDE; column++) {
                shape[row * SIDE + column] = sample(x + spread * place(column), y + spread * place(row));
            }
        }
    }

    /** The horizontal place of the centroid in units. */
    double x() {
        return x;
    }

    /** The vertical place of the centroid in units. */
    double y() {
        return y;
    }

    /** The root mean square distance from the centroid in units. */
    double spread() {
        return spread;
    }

    /** How much of both shapes together is in both, 0..1. */
    double likeness(Silhouette other) {
        float both = 0;
        float either = 0;
        for (int i = 0; i < shape.length; i++) {
            both += Math.min(shape[i], other.shape[i]);
            either += Math.max(shape[i], other.shape[i]);
        }
        return both / either;
    }

    private static double place(int index) {
        return Oracle.SILHOUETTE_REACH * ((index + 0.5) * 2 / SIDE - 1);
    }

    private float sample(double px, double py) {
        int left = (int) Math.floor(px - 0.5);
        int top = (int) Math.floor(py - 0.5);
        double right = px - 0.5 - left;
        double down = py - 0.5 - top;
        return (float) ((1 - down) * ((1 - right) * cell(left, top) + right * cell(left + 1, top))
                + down * ((1 - right) * cell(left, top + 1) + right * cell(left + 1, top + 1)));
    }

    private double cell(int column, int row) {
        return column >= 0 && row >= 0 && column < GRID && row < GRID && region[row * GRID + column] ? 1 : 0;
    }
}
