package io.heddle.kernels;

import io.heddle.spi.Availability;
import io.heddle.spi.Backend;
import io.heddle.spi.BackendOptions;
import io.heddle.spi.BackendProvider;
import io.heddle.tensor.DeviceException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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
            Optional<String> flaw = flaw(devices.get(firstUsable(devices)));
            if (flaw.isPresent()) {
                return new Availability(false, devices + "; " + flaw.get());
            }
            return new Availability(true, devices + "; matrix products by " + ProductChoice.chosen().reason() + "; convolutions by "
                    + ConvolutionChoice.chosen().reason());
        } catch (UnsupportedOperationException e) {
            return new Availability(false, e.getMessage());
        }
    }

    /** The first device that can be used; the first one if none can. */
    private static int firstUsable(List<CudaDevice> devices) {
        return IntStream.range(0, devices.size()).filter(i -> flaw(devices.get(i)).isEmpty()).findFirst().orElse(0);
    }

    /** Why a device cannot be used. */
    private static Optional<String> flaw(CudaDevice device) {
        if (device.capability().number() < Capability.LEAST.number()) {
            return Optional.of("compute capability " + Capability.LEAST + " is needed");
        }
        if (KernelImage.of(CudaBackend.MODULE, device.capability()).stream().noneMatch(KernelImage::isPresent)) {
            return Optional.of("the compiled kernels are missing from this build: run src/main/cuda/build of module kernels where nvcc is installed");
        }
        return Optional.empty();
    }

    @Override
    public Backend open(BackendOptions options) {
        List<CudaDevice> devices = CudaDriver.load();
        int ordinal = options.ordinal() == BackendOptions.ANY ? firstUsable(devices) : options.ordinal();
        if (ordinal >= devices.size()) {
            throw new DeviceException("device cuda:" + ordinal + " does not exist; there "
                    + (devices.size() == 1 ? "is one, cuda:0" : "are " + devices.size() + ", cuda:0 to cuda:" + (devices.size() - 1)));
        }
        flaw(devices.get(ordinal)).ifPresent(flaw -> {
            throw new DeviceException("device cuda:" + ordinal + " cannot be used: " + devices.get(ordinal) + "; " + flaw);
        });
        return new CudaBackend(ordinal, ProductChoice.chosen(), ConvolutionChoice.chosen(), options.precision());
    }
}
