package io.heddle.kernels;

import io.heddle.spi.Backend;
import io.heddle.testkit.contract.BackendContract;

/** The contract with products by kernels of our own. */
class CudaBackendContractTest extends BackendContract {
    @Override
    protected Backend open(int threads) {
        return TestDevice.open(TestDevice.KERNELS);
    }
}
