package io.heddle.toyworld;

/** What captions say of a thing or its background. */
public enum Attribute {
    KIND,
    COLOUR,
    TEXTURE,
    POSE,
    SCALE,
    BACKGROUND
}
