/**
 * The CPU backend: every primitive of {@link io.heddle.spi} on heap {@code float[]}, with the work cut into tasks that never depend on the number of
 * threads, so that a result has the same bits on any number of them.
 */
@NullMarked
package io.heddle.cpu;

import org.jspecify.annotations.NullMarked;
