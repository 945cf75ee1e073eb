/**
 * Attention with every map in the open: where layers sit, which evaluation runs, and what may be read or changed there.
 *
 * <p>A tap is typed by what it needs and selected by a predicate on the call. What no tap asks for costs nothing: without taps the fused kernel runs
 * and no map exists; a reader has the map computed beside the fused kernel and never changes a bit of the output; an injection is folded into the rows
 * and values that the fused kernel takes; only an arbitrary edit materialises the map.
 */
@NullMarked
package io.heddle.attention;

import org.jspecify.annotations.NullMarked;
