/**
 * Random numbers: the streams other libraries' pictures are seeded with, reproduced bit for bit, so that a seed means the same picture here and there.
 */
@NullMarked
package io.heddle.random;

import org.jspecify.annotations.NullMarked;
