package io.heddle.kernels;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the tests that mean something on a real device and prints a line for each class; the bundle's {@code check} calls it. */
public final class DeviceChecks {
    private static final List<Class<?>> TESTS = List.of(
            LaunchTest.class, DeviceMemoryTest.class, CublasProductsTest.class, CudnnConvolutionTest.class, CudaBackendContractTest.class,
            CudaGraphsTest.class, RepeatedStepsTest.class, PipelineTest.class, FastKernelsTest.class, FastModeTest.class);

    private DeviceChecks() {}

    /** Exits with 1 if a test failed. */
    public static void main(String[] arguments) {
        System.setProperty(TestDevice.REAL_PROPERTY, "true");
        boolean failed = false;
        System.out.println("| tests | passed | failed | skipped |\n|---|---|---|---|");
        for (Class<?> test : TESTS) {
            TestExecutionSummary summary = run(selectClass(test));
            failed |= summary.getTotalFailureCount() > 0;
            System.out.println("| " + test.getSimpleName() + " | " + summary.getTestsSucceededCount() + " | " + summary.getTotalFailureCount() + " | "
                    + (summary.getTestsSkippedCount() + summary.getTestsAbortedCount()) + " |");
            summary.getFailures().forEach(
                    failure -> System.err.println(failure.getTestIdentifier().getDisplayName() + ": " + failure.getException()));
        }
        System.exit(failed ? 1 : 0);
    }

    private static TestExecutionSummary run(ClassSelector test) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request().selectors(test).build(), listener);
        return listener.getSummary();
    }
}
