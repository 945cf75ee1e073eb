/**
 * The backend interface in the clearest possible text: naive loops in double arithmetic on off-heap memory. It defines what every primitive computes, is
 * what other backends are compared with, and carries the finite differences.
 */
@NullMarked
package io.heddle.testkit.reference;

import org.jspecify.annotations.NullMarked;
