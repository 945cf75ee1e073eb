package io.heddle.editing.pti;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Tuning;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.tensor.Device;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.ModelLocation;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PromptTuningEditorTest {
    private static final Tuning TUNING = new Tuning(3, 0.01, OptionalDouble.empty());

    @Test
    void smallEta_staysNearerToThePictureThanALargeOne() {
        try (Device device = Device.open("cpu", 2);
                StableDiffusion model =
                        StableDiffusion.load(ModelLocation.resolve(SharedFiles.locate("toy_sd").toString(), Optional.empty()), device)) {
            Picture picture = Picture.filled(Size.square(64), 0x3060a0);
            double near = Fidelity.between(picture, editor(model, 0).edit(picture, "ball", "blue ball")).mse();
            double far = Fidelity.between(picture, editor(model, 1).edit(picture, "ball", "blue ball")).mse();
            assertThat(near).isLessThan(far);
        }
    }

    private static PromptTuningEditor editor(StableDiffusion model, double eta) {
        return new PromptTuningEditor(model, "a %s", 4, 7.5, TUNING, eta);
    }
}
