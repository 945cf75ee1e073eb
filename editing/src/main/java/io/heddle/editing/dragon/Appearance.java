package io.heddle.editing.dragon;

/**
 * An object takes the looks of another picture's object and keeps its shape.
 *
 * @param object the object's pixels
 * @param model the pixels of the other object in the other picture, which has the same size
 */
public record Appearance(Mask object, Mask model) implements Edit {}
