package io.heddle.cpu;

import io.heddle.spi.Availability;
import io.heddle.spi.Backend;
import io.heddle.spi.BackendOptions;
import io.heddle.spi.BackendProvider;
import io.heddle.spi.Precision;
import io.heddle.tensor.DeviceException;

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
        if (options.precision() != Precision.FLOAT32) {
            throw new DeviceException("the CPU computes in float32 only, and half precision needs an NVIDIA device: leave fp16 out");
        }
        int threads = options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
        return new CpuBackend(new Workers(threads), KernelChoice.chosen(), GemmChoice.chosen());
    }
}
