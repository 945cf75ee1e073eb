package io.heddle.spi;

/**
 * The size of a picture or feature map in elements.
 *
 * @param height rows of the picture
 * @param width columns of the picture
 */
public record Extent(int height, int width) {
    /** The number of cells. */
    public int cells() {
        return Math.multiplyExact(height, width);
    }
}
