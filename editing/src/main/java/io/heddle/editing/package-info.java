/**
 * Editing pictures: the loaded models, the one sampling loop, and the four seams into which every editing method plugs: conditioning, attention taps,
 * guidance and latent blend.
 */
@NullMarked
package io.heddle.editing;

import org.jspecify.annotations.NullMarked;
