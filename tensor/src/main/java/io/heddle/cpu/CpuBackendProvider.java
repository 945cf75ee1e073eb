package io.heddle.cpu;

import io.heddle.spi.Availability;
import io.heddle.spi.Backend;
import io.heddle.spi.BackendOptions;
import io.heddle.spi.BackendProvider;

/** Opens the CPU backend, which works everywhere. */
public final class CpuBackendProvider implements BackendProvider {
    /** For {@link java.util.ServiceLoader}. */
    public CpuBackendProvider() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Availability probe() {
        return new Availability(true, Runtime.getRuntime().availableProcessors() + " processors");
    }

    @Override
    public Backend open(BackendOptions options) {
        int threads = options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
        return new CpuBackend(new Workers(threads), KernelChoice.chosen(), GemmChoice.chosen());
    }
}
