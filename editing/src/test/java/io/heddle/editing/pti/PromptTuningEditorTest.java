package io.heddle.editing.pti;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Tuning;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.image.Resampling;
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
            Picture tree = Picture.read(SharedFiles.locate("toy_sd/samples/inversion.png")).crop(3, 3, Size.square(128));
            double near = Fidelity.between(tree, editor(model, 0).edit(tree, "red tree", "blue ball")).mse();
            double far = Fidelity.between(tree, editor(model, 1).edit(tree, "red tree", "blue ball")).mse();
            assertThat(near).isLessThan(far);
        }
    }

    @Test
    void picturesOfOtherSizes_areEditedInTheModelsOwn() {
        try (Device device = Device.open("cpu", 2);
                StableDiffusion model =
                        StableDiffusion.load(ModelLocation.resolve(SharedFiles.locate("toy_sd").toString(), Optional.empty()), device)) {
            PromptTuningEditor quick = new PromptTuningEditor(model, "a %s", 1, 7.5, new Tuning(0, 0.01, OptionalDouble.empty()), 1);
            Picture picture = Picture.filled(new Size(50, 50), 0x3060a0);
            Size own = Size.square(model.defaultSize().width());
            Picture expected = quick.edit(picture.resize(own, Resampling.BICUBIC), "ball", "blue ball").resize(picture.size(), Resampling.BICUBIC);
            assertThat(quick.edit(picture, "ball", "blue ball")).isEqualTo(expected);
        }
    }

    private static PromptTuningEditor editor(StableDiffusion model, double eta) {
        return new PromptTuningEditor(model, "a %s", 4, 7.5, TUNING, eta);
    }
}
