package io.heddle.kernels;

import io.heddle.spi.Availability;
import io.heddle.spi.Backend;
import io.heddle.spi.BackendOptions;
import io.heddle.spi.BackendProvider;
import io.heddle.tensor.DeviceException;
import java.util.List;

/** Opens a CUDA device: where there is a driver and one of compute capability 7.5 or more, it is preferred to the CPU. */
public final class CudaBackendProvider implements BackendProvider {
    private static final int PRIORITY = 100;

    /** For {@link java.util.ServiceLoader}. */
    public CudaBackendProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Availability probe() {
        try {
            List<CudaDevice> devices = CudaDriver.load();
            Capability first = devices.getFirst().capability();
            if (first.number() < Capability.LEAST.number()) {
                return new Availability(false, devices + "; compute capability " + Capability.LEAST + " is needed");
            }
            if (KernelImage.of(CudaBackend.MODULE, first).stream().noneMatch(KernelImage::isPresent)) {
                return new Availability(false,
                        devices + "; the compiled kernels are missing from this build: run src/main/cuda/build of module kernels"
                                + " where nvcc is installed");
            }
            return new Availability(true, devices + "; matrix products by " + ProductChoice.chosen().reason() + "; convolutions by "
                    + ConvolutionChoice.chosen().reason());
        } catch (UnsupportedOperationException e) {
            return new Availability(false, e.getMessage());
        }
    }

    @Override
    public Backend open(BackendOptions options) {
        int devices = CudaDriver.load().size();
        if (options.ordinal() >= devices) {
            throw new DeviceException("device cuda:" + options.ordinal() + " does not exist; there "
                    + (devices == 1 ? "is one, cuda:0" : "are " + devices + ", cuda:0 to cuda:" + (devices - 1)));
        }
        return new CudaBackend(options.ordinal(), ProductChoice.chosen(), ConvolutionChoice.chosen(), options.precision());
    }
}
