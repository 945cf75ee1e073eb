package io.heddle.editing.dragon;

/**
 * Another picture's object is put into the picture.
 *
 * @param object the object's pixels in the other picture, which has the same size
 * @param displacement the way from its place there to its place in the edited picture, in pixels
 */
public record Paste(Mask object, Point displacement) implements Edit {}
