package io.heddle.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FidelityTest {
    private static final double ROUNDING = 1e-12;

    @Test
    void equalPictures_areInfinitelyNear() {
        Picture picture = noise(new Size(13, 7), 1);
        Fidelity fidelity = Fidelity.between(picture, picture);
        assertThat(fidelity.mse()).isZero();
        assertThat(fidelity.psnr()).isPositive().isInfinite();
        assertThat(fidelity.ssim()).isCloseTo(1, within(ROUNDING));
    }

    @Test
    void flatPictures_differByTheirLuminanceAlone() {
        Fidelity fidelity = Fidelity.between(Picture.filled(new Size(12, 20), 0x333333), Picture.filled(new Size(12, 20), 0x666666));
        assertThat(fidelity.mse()).isCloseTo(0.04, within(ROUNDING));
        assertThat(fidelity.psnr()).isCloseTo(-10 * Math.log10(0.04), within(ROUNDING));
        assertThat(fidelity.ssim()).isCloseTo((2 * 0.2 * 0.4 + 1e-4) / (0.04 + 0.16 + 1e-4), within(1e-9));
    }

    @Test
    void independentNoise_hasNoStructureInCommon() {
        Fidelity fidelity = Fidelity.between(noise(Size.square(64), 1), noise(Size.square(64), 2));
        assertThat(fidelity.mse()).isCloseTo(1.0 / 6, within(0.01));
        assertThat(fidelity.ssim()).isCloseTo(0, within(0.05));
    }

    @Test
    void otherSizes_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fidelity.between(noise(Size.square(8), 1), noise(new Size(8, 9), 1)))
                .withMessageContaining("8x8 and 8x9");
    }

    private static Picture noise(Size size, long seed) {
        byte[] samples = new byte[size.pixels() * 3];
        new Random(seed).nextBytes(samples);
        return Picture.of(size, samples);
    }
}
