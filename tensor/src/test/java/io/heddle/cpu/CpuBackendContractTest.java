package io.heddle.cpu;

import static org.junit.jupiter.api.Assumptions.abort;

import io.heddle.spi.Backend;
import io.heddle.testkit.contract.BackendContract;
import org.junit.jupiter.api.Nested;

/** The contract with the providers of products and kernels as they come together on users' machines. */
class CpuBackendContractTest {
    private static Backend open(GemmChoice gemm, String kernels, int threads) {
        try {
            return new CpuBackend(new Workers(threads), KernelChoice.named(kernels), gemm.open());
        } catch (UnsupportedOperationException e) {
            return abort("skipped: " + e.getMessage());
        }
    }

    @Nested
    class WithOpenBlasAndTheVectorApi extends BackendContract {
        @Override
        protected Backend open(int threads) {
            return CpuBackendContractTest.open(GemmChoice.OPENBLAS, "vector", threads);
        }
    }

    @Nested
    class WithTheVectorApi extends BackendContract {
        @Override
        protected Backend open(int threads) {
            return CpuBackendContractTest.open(GemmChoice.VECTOR, "vector", threads);
        }
    }

    @Nested
    class WithPlainJava extends BackendContract {
        @Override
        protected Backend open(int threads) {
            return CpuBackendContractTest.open(GemmChoice.PLAIN, "plain", threads);
        }
    }
}
