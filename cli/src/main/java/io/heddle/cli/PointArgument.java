package io.heddle.cli;

import io.heddle.editing.dragon.Drag.Handle;
import io.heddle.editing.dragon.Point;
import io.heddle.image.Size;
import java.util.Arrays;
import java.util.List;

/** Points as users give them, in pixels of a picture that may have been scaled. */
record PointArgument(String option, Size given, Size working) {
    /** A point {@code x,y}. */
    Point point(String text) {
        String[] parts = text.split(",");
        try {
            if (parts.length == 2) {
                Point point = new Point(Double.parseDouble(parts[0].strip()), Double.parseDouble(parts[1].strip()));
                if (point.x() < 0 || point.y() < 0 || point.x() >= given.width() || point.y() >= given.height()) {
                    throw new UserError(option + " has the point " + text.strip() + ", which does not lie in the picture of " + given);
                }
                return point.times(working.width() / (double) given.width(), working.height() / (double) given.height());
            }
        } catch (NumberFormatException _) {
            // told below, as for a wrong number of numbers
        }
        throw new UserError(option + " has '" + text + "': expected a point as x,y in pixels");
    }

    /** Pairs of points {@code x,y>x,y;x,y>x,y}. */
    List<Handle> handles(String text) {
        return Arrays.stream(text.split(";")).filter(pair -> !pair.isBlank()).map(pair -> {
            String[] ends = pair.split(">");
            if (ends.length != 2) {
                throw new UserError(option + " has '" + pair + "': expected a pair of points as x,y>x,y");
            }
            return new Handle(point(ends[0]), point(ends[1]));
        }).toList();
    }
}
