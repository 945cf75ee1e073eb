package io.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WorkloadTest {
    @Test
    void rows_namesGiveSizesAndOperations() {
        assertThat(Workload.parse("gemm:2x3x4")).isEqualTo(new Workload.Gemm(2, 3, 4)).extracting(Workload::operations).isEqualTo(48.0);
        assertThat(Workload.parse("conv:2x3x4x5").operations()).isEqualTo(2.0 * 9 * 2 * 3 * 4 * 5);
        assertThat(Workload.parse("attention:2x3x4x5").operations()).isEqualTo(2.0 * 2 * 2 * 3 * 4 * 5);
        assertThat(Workload.parse("unet:2").operations()).isEqualTo(4 * Workload.UNet.MULTIPLY_ADDS);
    }

    @Test
    void unknownRows_areRefusedWithAnExample() {
        assertThatThrownBy(() -> Workload.parse("pool:2x2")).hasMessageContaining("pool:2x2").hasMessageContaining("conv:64x64x320x320");
    }
}
