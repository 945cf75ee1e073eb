/**
 * Pictures of 8 bits per channel: reading and writing with their recipe, resampling, layouts with captions, and heat maps. Needs nothing but the JDK.
 */
@NullMarked
package io.heddle.image;

import org.jspecify.annotations.NullMarked;
