/** Writing result files so that a reader never meets half of one. */
@NullMarked
package io.heddle.files;

import org.jspecify.annotations.NullMarked;
