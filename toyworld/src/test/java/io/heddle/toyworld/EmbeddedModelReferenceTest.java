package io.heddle.toyworld;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.editing.StableDiffusion;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.weights.SafetensorsFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped weights against what transformers 5.18 and diffusers compute with them in float32 on PyTorch 2.13; images have channels first there. */
class EmbeddedModelReferenceTest {
    /** Of a maximum; values reach 4. */
    private static final float LARGEST_ERROR = 1e-3f;

    private SafetensorsFile reference;
    private Device device;
    private StableDiffusion model;

    @BeforeEach
    void load() throws URISyntaxException {
        reference = SafetensorsFile.open(Path.of(Objects.requireNonNull(getClass().getResource("reference.safetensors")).toURI()));
        device = Device.cpu();
        model = StableDiffusion.load(EmbeddedModel.locate(), device);
    }

    @AfterEach
    void close() {
        model.close();
        device.close();
        reference.close();
    }

    private float[] expected(String name) {
        return reference.tensor(name).toFloats();
    }

    private void assertNear(Tensor found, String name) {
        float[] values = found.toArray();
        float[] expected = expected(name);
        assertThat(values).hasSameSizeAs(expected);
        float error = 0;
        for (int i = 0; i < values.length; i++) {
            error = Math.max(error, Math.abs(values[i] - expected[i]));
        }
        assertThat(error).as("largest error of " + name).isLessThan(LARGEST_ERROR);
    }

    private Tensor latent() {
        return device.tensor(Shape.of(1, 4, 32, 32), expected("latent")).permute(0, 2, 3, 1);
    }

    @Test
    void prompt_isEncodedAsInTransformers() {
        try (TextEmbedding text = model.encode(reference.metadata().get("prompt"))) {
            assertNear(text.tensor(), "tokens");
        }
    }

    @Test
    void noise_isPredictedAsInDiffusers() {
        double timestep = Double.parseDouble(reference.metadata().get("timestep"));
        TextEmbedding text = TextEmbedding.of(device.tensor(Shape.of(1, 24, 128), expected("tokens")));
        Tensor noise = model.unet().predict(latent(), Pass.of(Step.at(timestep), TextConditioning.of(text)));
        assertNear(noise.permute(0, 3, 1, 2), "noise");
    }

    @Test
    void latent_isDecodedAsInDiffusers() {
        assertNear(model.vae().decode(latent()).permute(0, 3, 1, 2), "picture");
    }
}
