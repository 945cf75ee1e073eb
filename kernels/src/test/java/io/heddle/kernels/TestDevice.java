package io.heddle.kernels;

import io.heddle.kernels.emulator.EmulatedDriver;
import java.util.Optional;

/** The device of the tests: an emulated one, or with {@code -Dheddle.cuda.real=true} the machine's first. */
final class TestDevice {
    /** Takes the machine's first device instead of an emulated one. */
    static final String REAL_PROPERTY = "heddle.cuda.real";

    static final ProductChoice KERNELS = ProductChoice.kernels("");

    private TestDevice() {}

    /** Whether tests of the emulation itself make no sense. */
    static boolean isReal() {
        return Boolean.getBoolean(REAL_PROPERTY);
    }

    /** Opens it; the test is skipped where it cannot be emulated. */
    static CudaBackend open(ProductChoice products) {
        load();
        return new CudaBackend(0, products);
    }

    /** Products by the library that belongs to the device. */
    static ProductChoice cublas() {
        load();
        return isReal() ? ProductChoice.chosen() : new ProductChoice(Optional.of(new CublasLibrary(12, null)), "emulated");
    }

    static void load() {
        if (!isReal()) {
            System.setProperty(KernelImage.FILE_PROPERTY, EmulatedDriver.load().image("heddle").toString());
        }
        CudaDriver.load();
    }
}
