package io.heddle.testkit.contract;

import io.heddle.spi.Backend;
import io.heddle.testkit.reference.ReferenceBackend;

/** The contract holds for its own definition. */
class ReferenceBackendContractTest extends AnyPrecisionContract {
    @Override
    protected Backend open(int threads) {
        return new ReferenceBackend();
    }
}
