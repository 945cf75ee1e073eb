package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.spi.Backend;
import io.heddle.spi.ConvolutionShape;
import io.heddle.spi.ConvolutionShape.Padding;
import io.heddle.spi.Extent;
import io.heddle.tensor.DeviceException;
import io.heddle.testkit.contract.ConvolutionsContract;
import org.junit.jupiter.api.Test;

class CudnnConvolutionTest extends ConvolutionsContract {
    @Override
    protected Backend open(int threads) {
        return TestDevice.open(TestDevice.KERNELS, TestDevice.cudnn());
    }

    @Test
    void description_namesTheLibrary() {
        try (Backend backend = open(1)) {
            assertThat(backend.description()).contains("convolutions by cuDNN 9.");
        }
    }

    @Test
    void failedCall_namesFunctionStatusAndShape() {
        ConvolutionShape noChannels = new ConvolutionShape(1, new Extent(4, 4), 0, 1, new Extent(3, 3), 1, Padding.all(1));
        try (Backend backend = open(1)) {
            assertThatThrownBy(() -> backend.convolution().weightGradient(null, null, noChannels, null, null))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining(
                            "cudnnSetTensor4dDescriptor of 1 rows, " + noChannels.input() + ", 0 channels failed: CUDNN_STATUS_BAD_PARAM");
        }
    }
}
