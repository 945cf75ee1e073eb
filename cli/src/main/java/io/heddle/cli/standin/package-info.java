/** A tiny model made by a formula, so that everything runs before a trained one is there. */
@NullMarked
package io.heddle.cli.standin;

import org.jspecify.annotations.NullMarked;
