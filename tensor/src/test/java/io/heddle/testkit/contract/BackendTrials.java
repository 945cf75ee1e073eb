package io.heddle.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spi.Backend;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;

/** What opens the backend under test and closes it, and says how accurate it was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BackendTrials implements Contract {
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

    /** Leaves the largest errors, as shares of their tolerances, in a file of the test run's output. */
    @AfterAll
    void closeBackends(TestReporter reporter) {
        List<String> errors = new ArrayList<>(List.of("largest errors as shares of the tolerances on " + backends.single().description()));
        backends.achieved().forEach((primitive, share) -> errors.add(String.format(Locale.ROOT, "%.3f %s", share, primitive)));
        reporter.publishFile("accuracy.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.write(file, errors));
        for (Backend backend : List.of(backends.single(), backends.several())) {
            assertThat(backend.memory().statistics().liveBytes()).as("bytes that kernels did not release").isZero();
            backend.close();
        }
        backends.reference().close();
    }
}
