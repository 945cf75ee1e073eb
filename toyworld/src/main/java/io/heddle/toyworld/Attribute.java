package io.heddle.toyworld;

/** What captions say of a thing or its background, and what the {@link Oracle} reads. */
public enum Attribute {
    KIND,
    COLOUR,
    TEXTURE,
    POSE,
    SCALE,
    BACKGROUND
}
