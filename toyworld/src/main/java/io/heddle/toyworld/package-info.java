/** A procedural world of captioned pictures in which every attribute of every picture is known. */
@NullMarked
package io.heddle.toyworld;

import org.jspecify.annotations.NullMarked;
