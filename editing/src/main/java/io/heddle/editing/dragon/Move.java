package io.heddle.editing.dragon;

import org.jspecify.annotations.Nullable;

/**
 * An object is scaled about its own centre and put elsewhere; the place it leaves is filled as its surroundings are.
 *
 * @param object its pixels
 * @param displacement the way of its centre, in pixels; 0,0 resizes it where it is
 * @param scale the ratio of its size after to before, above 0; 1 moves it as it is
 * @param fill what the vacated place shall look like, or null for everything that the object touches neither before nor after
 */
public record Move(Mask object, Point displacement, double scale, @Nullable Mask fill) implements Edit {
    /** Refuses scales that no object can have. */
    public Move {
        if (!(scale > 0) || !Double.isFinite(scale)) {
            throw new IllegalArgumentException("an object is resized by a factor above 0, but got " + scale);
        }
    }

    /** A move whose vacated place is filled as the untouched rest of the picture is. */
    public Move(Mask object, Point displacement, double scale) {
        this(object, displacement, scale, null);
    }
}
