/** Reading attention maps out of a run, by name. */
@NullMarked
package io.heddle.editing.maps;

import org.jspecify.annotations.NullMarked;
