/** What tests of all modules share: comparisons of arrays with their tolerances, finite differences, and the expected values of the reference libraries. */
@NullMarked
package io.heddle.testkit;

import org.jspecify.annotations.NullMarked;
