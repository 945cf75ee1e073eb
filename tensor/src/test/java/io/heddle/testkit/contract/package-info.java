/**
 * What every backend must do, as tests: subclass {@link io.heddle.testkit.contract.BackendContract} and open the backend. Results are compared with the
 * reference backend's; batches, threads and slices must not change a bit.
 */
@NullMarked
package io.heddle.testkit.contract;

import org.jspecify.annotations.NullMarked;
