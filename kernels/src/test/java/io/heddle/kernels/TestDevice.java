package io.heddle.kernels;

import io.heddle.kernels.emulator.EmulatedDriver;
import io.heddle.spi.Precision;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

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
        return open(products, ConvolutionChoice.KERNELS);
    }

    static CudaBackend open(ProductChoice products, ConvolutionChoice convolutions) {
        load();
        return new CudaBackend(0, products, convolutions, Precision.FLOAT32);
    }

    /** Opens it in a precision. */
    static CudaBackend open(ProductChoice products, Precision precision) {
        load();
        return new CudaBackend(0, products, ConvolutionChoice.KERNELS, precision);
    }

    /** Products by the library that belongs to the device. */
    static ProductChoice cublas() {
        load();
        return isReal() ? ProductChoice.chosen()
                : new ProductChoice(Optional.of(new CublasLibrary(new SharedLibrary("libcublas.so.12", null))), "emulated");
    }

    /** Convolutions by cuDNN; the test is skipped where a real device has none. */
    static ConvolutionChoice cudnn() {
        load();
        if (!isReal()) {
            return new ConvolutionChoice(Optional.of(new SharedLibrary("libcudnn.so.9", null)), "emulated");
        }
        try {
            return ConvolutionChoice.byCudnn();
        } catch (UnsupportedOperationException e) {
            throw new TestAbortedException(e.getMessage(), e);
        }
    }

    static void load() {
        if (!isReal()) {
            System.setProperty(KernelImage.FILE_PROPERTY, EmulatedDriver.load().image("*").toString());
        }
        CudaDriver.load();
    }
}
