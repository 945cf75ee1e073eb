/** Writing result files so that a reader never meets half of one, whatever ends the program. */
@NullMarked
package io.heddle.files;

import org.jspecify.annotations.NullMarked;
