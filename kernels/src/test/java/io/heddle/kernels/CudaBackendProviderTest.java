package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.tensor.Device;
import io.heddle.tensor.DeviceException;
import io.heddle.tensor.Shape;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CudaBackendProviderTest {
    @BeforeAll
    static void load() {
        TestDevice.load();
    }

    @Test
    void probe_saysWhatIsUsed() {
        assertThat(new CudaBackendProvider().probe().usable()).isTrue();
        assertThat(new CudaBackendProvider().probe().reason()).contains("device").contains("matrix products by");
    }

    @Test
    void devices_areFoundByName() {
        try (Device device = Device.open("cuda", 0)) {
            assertThat(device.full(Shape.of(3), 2).times(3).toArray()).containsOnly(6);
            assertThat(device.toString()).startsWith("CUDA device");
        }
    }

    @Test
    void auto_prefersCuda() {
        try (Device device = Device.open("auto", 0)) {
            assertThat(device.toString()).startsWith("CUDA device");
        }
    }

    @Test
    void halfPrecision_isAskedForBehindTheName() {
        try (Device device = Device.open("cuda:0,fp16", 0)) {
            assertThat(device.full(Shape.of(3), 2).times(3).toArray()).containsOnly(6);
            assertThat(device.toString()).contains("in half precision");
        }
        assertThatThrownBy(() -> Device.open("cuda,fp8", 0)).isInstanceOf(DeviceException.class).hasMessageContaining("expected fp32 or fp16");
        assertThatThrownBy(() -> Device.open("cpu,fp16", 0)).isInstanceOf(DeviceException.class)
                .hasMessageContaining("the CPU computes in float32 only");
    }

    @Test
    void deviceThatDoesNotExist_isRefused() {
        assertThatThrownBy(() -> Device.open("cuda:99", 0)).isInstanceOf(DeviceException.class).hasMessageContaining("device cuda:99 does not exist");
    }
}
