package io.heddle.editing.imagic;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.editing.StableDiffusion;
import io.heddle.image.Picture;
import io.heddle.image.Size;
import io.heddle.tensor.Device;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ConfigReader;
import io.heddle.weights.ModelLocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagicEditorTest {
    private static final String ANCESTRAL =
            "{\"_class_name\": \"EulerAncestralDiscreteScheduler\", \"beta_schedule\": \"scaled_linear\", \"beta_start\": 0.00085, \"beta_end\": 0.012}";

    @TempDir
    Path folder;

    /** Imagic asks a checkpoint for its noise schedule and what its network predicts, not for its sampler. */
    @Test
    void checkpointOfASamplerThatIsNotThere_isEditedAndJudged() {
        ModelLocation location = ModelLocation.resolve(SharedFiles.locate("fixtures/model_a").toString(), Optional.empty());
        ConfigReader scheduler = ConfigReader.parse("scheduler_config.json", ANCESTRAL.getBytes(StandardCharsets.UTF_8));
        try (Device device = Device.open("cpu", 2);
                StableDiffusion loaded = StableDiffusion.load(location, device);
                Checkpoint base = location.open(Component.UNET)) {
            StableDiffusion model =
                    new StableDiffusion(device, loaded.tokenizer(), loaded.textEncoder(), loaded.unet(), loaded.vae(), scheduler);
            ImagicSettings settings = new ImagicSettings(new Descent(1, 1e-3, 1), new Descent(1, 1e-4, 1), Trained.ATTENTION, 0);
            Picture picture = Picture.of(Size.square(64), new byte[3 * 64 * 64]);
            List<Picture> edited = new ImagicEditor(model, base::take, settings, List.of(0.0, 1.0), 1, 2, 0, Start.PICTURE)
                    .edit(picture, "a cat", folder.resolve("progress.safetensors"));
            assertThat(edited).hasSize(2);
            assertThat(new DenoisingJudge(model).judge(picture, edited.getFirst(), "a cat").edit()).isFinite();
        }
    }
}
