package io.heddle.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import io.heddle.schedulers.NoiseSchedule.BetaSchedule;
import io.heddle.testkit.Sha256;
import io.heddle.testkit.SharedFiles;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NoiseScheduleTest {
    static Stream<Arguments> published() {
        return Stream.of(
                Arguments.of(
                        "sd_scaled_linear",
                        NoiseSchedule.stableDiffusion(),
                        "f19a556ef5f4eb086a5f0fe99c2fbd38caada7cf582b7d5441fabce01ed0b768",
                        "b0c6833c866f3aae5d58606971a4297931251d8ed9c31d9a8b849e13ca14e3b6"),
                Arguments.of(
                        "default_linear",
                        NoiseSchedule.of(BetaSchedule.LINEAR, 1e-4, 0.02, 1000),
                        "a455de8584c2913e90719b1668c1a4eb0d1e08d8614ad8edaefd5b5f8e5eb140",
                        "b5555536933367c4ad73b4e972e1701b8cf631f368d370f1f05c23c5881f1994"),
                Arguments.of(
                        "cosine",
                        NoiseSchedule.of(BetaSchedule.COSINE, 1e-4, 0.02, 1000),
                        "ee9cd3d5d1b98fa46b637fac268971c24c4ecac99011989f216c21fa14ea7840",
                        "f32ff0b43921c3125e2d7457bebc7aa5dd64586e4c1c837c2653aa637b657525"),
                Arguments.of(
                        "sd_zsnr",
                        NoiseSchedule.stableDiffusion().withZeroTerminalSnr(),
                        "cdcb9ea9bd1a21cd19cc40b4e7b8b22edd71c9318219dfd1ff22354d9b0d3261",
                        "1a484cc75dd1d0134a729fe69931984e3fe7d3ad4b9bcaff8a4e89352fe914b5"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("published")
    void betasAndAlphas_haveTorchsBits(String name, NoiseSchedule schedule, String betas, String alphaBars) {
        assertThat(Sha256.of(values(schedule::beta))).as("betas of %s", name).isEqualTo(betas);
        assertThat(Sha256.of(values(schedule::alphaBar))).as("alphas of %s", name).isEqualTo(alphaBars);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("published")
    void alphas_equalThePublishedOnes(String name, NoiseSchedule schedule) {
        JsonArray expected = SharedFiles.json("golden/schedules.json").getAsJsonObject().getAsJsonObject(name).getAsJsonArray("acp");

        assertThat(Arrays.mismatch(values(schedule::alphaBar), values(t -> expected.get(t).getAsFloat()))).isEqualTo(-1);
    }

    @Test
    void aScheduleOfOneStep_isRefused() {
        assertThatThrownBy(() -> NoiseSchedule.of(BetaSchedule.LINEAR, 1e-4, 0.02, 1)).hasMessageContaining("at least 2 steps");
        assertThatThrownBy(() -> NoiseSchedule.of(BetaSchedule.LINEAR, 0, 0.02, 10)).hasMessageContaining("betas between 0 and 1");
    }

    private static float[] values(IntFunction<Float> element) {
        float[] values = new float[1000];
        for (int t = 0; t < values.length; t++) {
            values[t] = element.apply(t);
        }
        return values;
    }
}
