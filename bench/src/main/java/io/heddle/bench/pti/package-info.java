/** The evaluation of Prompt Tuning Inversion on the toy world. */
@NullMarked
package io.heddle.bench.pti;

import org.jspecify.annotations.NullMarked;
