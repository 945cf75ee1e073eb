package io.heddle.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.Backend;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;

/** {@link BackendContract} but for the bits of float32 arithmetic. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AnyPrecisionContract
        implements MemoryContract,
        PointwiseContract,
        ReductionContract,
        MovementContract,
        LinearContract,
        ConvolutionContract,
        NormalizationContract,
        AttentionContract,
        OptimisationContract,
        OperationContract {
    private static final int SEVERAL = 3;

    private Backends backends;

    /** Opens the backend under test; one without threads of its own ignores their number. */
    protected abstract Backend open(int threads);

    @Override
    public final Backends backends() {
        return backends;
    }

    @BeforeAll
    void openBackends() {
        backends = new Backends(open(1), open(SEVERAL));
    }

    @AfterAll
    void closeBackends(TestReporter reporter) {
        assertThat(backends.single().memory().statistics().liveBytes()).as("bytes that kernels did not release").isZero();
        assertThat(backends.several().memory().statistics().liveBytes()).as("bytes that kernels did not release").isZero();
        backends.achieved().forEach((primitive, share) -> reporter.publishEntry(
                primitive, String.format(Locale.ROOT, "largest error %.3f of the tolerance on %s", share, backends.single().description())));
        backends.single().close();
        backends.several().close();
        backends.reference().close();
    }
}
