/** Benches, tables of their results beside other libraries' results, and tools that make what benches need. Nothing depends on it. */
@NullMarked
package io.heddle.bench;

import org.jspecify.annotations.NullMarked;
