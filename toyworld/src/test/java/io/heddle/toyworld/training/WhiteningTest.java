package io.heddle.toyworld.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.nn.DefaultInitialisation;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.Split;
import io.heddle.vae.AutoencoderKl;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class WhiteningTest {
    private static final int PICTURES = 4;

    @AutoClose
    private final Crew crew = Crew.open("cpu", 1, 1);

    private final AutoencoderKl network = AutoencoderKl.load(
            ParameterScope.root(crew.device(0), new DefaultInitialisation(3)), TinyTraining.settings(1).architecture().vae());

    @Test
    void whitenedLatents_haveMeanZeroAndDeviationOne_andDecodeToTheSamePictures() {
        float[] pixels = Rendering.of(Split.VALIDATION.scene(5, SceneMix.SINGLES)).pixels();
        Tensor picture = crew.device(0).tensor(Shape.of(1, Rendering.SIDE, Rendering.SIDE, 3), pixels);
        float[] before = network.decode(network.encode(picture).mode()).toArray();
        Draws draws = new Draws(1);
        Whitening.measure(crew, List.of(network), draws, PICTURES).fold(network.parameters());
        Whitening after = Whitening.measure(crew, List.of(network), draws, PICTURES);
        for (int channel = 0; channel < after.mean().length; channel++) {
            assertThat(after.mean()[channel]).isCloseTo(0, within(Tolerances.WHITENED));
            assertThat(after.deviation()[channel]).isCloseTo(1, within(Tolerances.WHITENED));
        }
        TensorAssert.assertClose("decoded picture", network.decode(network.encode(picture).mode()).toArray(), before, Tolerances.WHITENED_PICTURE);
    }
}
