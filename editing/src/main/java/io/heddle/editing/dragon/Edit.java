package io.heddle.editing.dragon;

/** What shall happen to a picture. Places and masks are in its pixels. */
public sealed interface Edit permits Move, Drag, Appearance, Paste {}
