package io.heddle.image;

/**
 * What to cut off a picture's sides, in pixels.
 *
 * @param left columns on the left
 * @param right columns on the right
 * @param top rows at the top
 * @param bottom rows at the bottom
 */
public record Margins(int left, int right, int top, int bottom) {
    /** Refuses negative margins. */
    public Margins {
        if (left < 0 || right < 0 || top < 0 || bottom < 0) {
            throw new IllegalArgumentException(
                    "margins cannot be negative: left " + left + ", right " + right + ", top " + top + ", bottom " + bottom);
        }
    }

    /** These margins, reduced where they would leave less than one pixel. */
    public Margins within(Size size) {
        return within(size, Math.min(top, size.height() - 1));
    }

    /**
     * These margins, reduced as the null-text notebook's {@code load_512} does it: it measures the top margin against what the <em>left</em> one leaves,
     * which cuts less than asked for when both are large.
     *
     * @throws IllegalArgumentException if the left margin is at least the picture's height, where the notebook's formula has no meaning
     */
    public Margins withinAsPublished(Size size) {
        return within(size, Math.min(top, size.height() - Math.min(left, size.width() - 1) - 1));
    }

    private Margins within(Size size, int cutTop) {
        int cutLeft = Math.min(left, size.width() - 1);
        return new Margins(
                cutLeft, Math.min(right, size.width() - cutLeft - 1), cutTop, Math.min(bottom, size.height() - cutTop - 1));
    }

    /** The rest of {@code picture}; these margins must lie {@linkplain #within within} it. */
    public Picture cut(Picture picture) {
        return picture.crop(left, top, new Size(picture.width() - left - right, picture.height() - top - bottom));
    }
}
