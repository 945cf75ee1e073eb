package io.heddle.image;

/**
 * Width and height of a picture in pixels.
 *
 * @param width at least 1
 * @param height at least 1
 */
public record Size(int width, int height) {
    /** Refuses sizes that no picture can have. */
    public Size {
        if (width < 1 || height < 1 || (long) width * height > Integer.MAX_VALUE / 3) {
            throw new IllegalArgumentException(
                    "a picture of " + width + "x" + height + " cannot be made: expected sides of at least 1 and at most " + Integer.MAX_VALUE / 3
                            + " pixels");
        }
    }

    /** A square of {@code side} pixels. */
    public static Size square(int side) {
        return new Size(side, side);
    }

    /** Number of pixels. */
    public int pixels() {
        return width * height;
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
