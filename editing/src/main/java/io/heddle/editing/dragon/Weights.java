package io.heddle.editing.dragon;

/**
 * The weights of an energy's terms.
 *
 * @param edit of the cells that are edited: they look as what they are paired with
 * @param content of the untouched cells: they look as they did
 * @param contrast of the cells that something leaves: they do not look as they did
 * @param inpaint of the same cells: they look, on average, as what they are filled with
 */
public record Weights(double edit, double content, double contrast, double inpaint) {
    /** Of the published demo for moving and resizing. */
    public static final Weights MOVE = new Weights(4, 6, 0.2, 0.8);

    /** Of the published demo for dragging; it calls the weight of the contrast one of inpainting. */
    public static final Weights DRAG = new Weights(4, 6, 0.2, 0);

    /** Of the published demo for replacing an appearance. */
    public static final Weights APPEARANCE = new Weights(3.5, 5, 0, 0);

    /** Of the published demo for pasting. */
    public static final Weights PASTE = new Weights(4, 6, 0, 0);
}
