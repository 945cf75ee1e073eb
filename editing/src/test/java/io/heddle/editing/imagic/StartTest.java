package io.heddle.editing.imagic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.editing.Latents;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.schedulers.NoiseSchedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StartTest {
    private static final Extent SIZE = new Extent(4, 4);

    private final Device device = Device.open("cpu", 1);
    private final Tensor noise = Latents.noise(device, 3, 2, SIZE, 4);
    private final Tensor clean = device.full(Shape.of(1, 4, 4, 4), 2);
    private final NoiseSchedule levels = NoiseSchedule.stableDiffusion();
    private final DdimSchedule schedule = DdimConfig.stableDiffusion().steps(50);

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void noise_knowsNothingOfThePicture() {
        assertThat(Start.NOISE.of(noise, clean, levels, schedule)).isSameAs(noise);
    }

    @Test
    void picture_liesUnderTheNoiseOfTheFirstLevel_inEveryRow() {
        Tensor start = Start.PICTURE.of(noise, clean, levels, schedule);
        float alphaBar = levels.alphaBar((int) schedule.timestep(0));
        float[] expected = noise.times((float) Math.sqrt(1 - alphaBar)).plus((float) (2 * Math.sqrt(alphaBar))).toArray();
        assertThat(start.toArray()).usingComparatorWithPrecision(1e-6f).containsExactly(expected);
    }

    @Test
    void names_areThoseOfTheCommandLine() {
        assertThat(Start.of("picture")).isEqualTo(Start.PICTURE);
        assertThatThrownBy(() -> Start.of("zero")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("\"zero\"");
    }
}
