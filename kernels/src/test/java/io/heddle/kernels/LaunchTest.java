package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.spi.Buffer;
import io.heddle.tensor.DeviceException;
import io.heddle.testkit.Buffers;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LaunchTest {
    private CudaContext context;

    @BeforeEach
    void open() {
        TestDevice.load();
        context = new CudaContext(0);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void failedLaunch_namesFunctionKernelGridAndArguments() {
        try (CudaBackend backend = TestDevice.open(TestDevice.KERNELS);
                KernelLibrary kernels = new KernelLibrary(context, KernelImage.of("heddle", context.device().capability()));
                Buffers buffers = new Buffers(backend)) {
            Buffer x = buffers.of(1, 2, 3);
            Launch launch = kernels.launch("affine").buffer(x).real(2).real(1).buffer(x).count(3);

            assertThatThrownBy(() -> launch.run(new Grid(1, 1, 1, 4096, 1)))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining(
                            "cuLaunchKernel of affine<<<(1, 1, 1), (4096, 1)>>>(3 elements, 2.0, 1.0, 3 elements, 3) failed: CUDA_ERROR");
        }
    }

    @Test
    void kernelThatDoesNotExist_isNamedWithItsModule() {
        try (KernelLibrary kernels = new KernelLibrary(context, KernelImage.of("heddle", context.device().capability()))) {
            assertThatThrownBy(() -> kernels.launch("knit")).hasMessageContaining("cuModuleGetFunction of knit in ");
        }
    }

    @Test
    void imagesThatDoNotFit_areListed() {
        KernelImage broken = new KernelImage("broken", () -> new ByteArrayInputStream(new byte[64]));

        assertThatThrownBy(() -> new KernelLibrary(context, List.of(broken)))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("no kernels fit the device; tried [broken: CUDA_ERROR");
    }
}
