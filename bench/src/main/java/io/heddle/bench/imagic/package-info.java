/** Imagic measured: pose changes on held-out scenes beside plain sampling and SDEdit, and TEdBench. */
@NullMarked
package io.heddle.bench.imagic;

import org.jspecify.annotations.NullMarked;
