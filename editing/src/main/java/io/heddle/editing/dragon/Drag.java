package io.heddle.editing.dragon;

import java.util.List;

/**
 * What is at some points goes to other points.
 *
 * @param handles the points, at least one
 * @param editable where the picture may change; each handle ends in it
 */
public record Drag(List<Handle> handles, Mask editable) implements Edit {
    /** Refuses to drag nothing. */
    public Drag {
        handles = List.copyOf(handles);
        if (handles.isEmpty()) {
            throw new IllegalArgumentException("a drag needs at least one pair of points");
        }
    }

    /**
     * A pair of points.
     *
     * @param from what is here
     * @param to goes there
     */
    public record Handle(Point from, Point to) {}
}
