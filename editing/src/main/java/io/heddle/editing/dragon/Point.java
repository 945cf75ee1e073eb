package io.heddle.editing.dragon;

/**
 * A place in a picture, or the way from one place to another.
 *
 * @param x pixels to the right of the left border
 * @param y pixels below the upper border
 */
public record Point(double x, double y) {
    /** Refuses what is no number. */
    public Point {
        if (!Double.isFinite(x) || !Double.isFinite(y)) {
            throw new IllegalArgumentException("a point needs two finite coordinates, but got " + x + " and " + y);
        }
    }

    /** The sum of both. */
    public Point plus(Point other) {
        return new Point(x + other.x, y + other.y);
    }

    /** The way from the other to this. */
    public Point minus(Point other) {
        return new Point(x - other.x, y - other.y);
    }

    /** Both coordinates by factors of their own. */
    public Point times(double horizontal, double vertical) {
        return new Point(x * horizontal, y * vertical);
    }
}
