/** How well pictures are made, read, inverted and edited, measured by the oracle of the toy world. */
@NullMarked
package io.heddle.bench.quality;

import org.jspecify.annotations.NullMarked;
