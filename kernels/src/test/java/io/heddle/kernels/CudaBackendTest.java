package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.heddle.kernels.emulator.EmulatedDriver;
import io.heddle.tensor.DeviceException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaBackendTest {
    @Test
    void aBackendThatCannotBeOpened_leavesNothingOnTheDevice(@TempDir Path empty) {
        assumeFalse(TestDevice.isReal(), "skipped: a real driver does not count allocations");
        ConvolutionChoice missing = new ConvolutionChoice(Optional.of(new SharedLibrary("libcudnn.so.9", empty.resolve("libcudnn.so.9"))), "missing");
        long before = EmulatedDriver.load().allocations();

        assertThatThrownBy(() -> TestDevice.open(TestDevice.cublas(), missing))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("libcudnn.so.9 cannot be used");

        assertThat(EmulatedDriver.load().allocations()).isEqualTo(before);
    }
}
