package io.heddle.vae;

import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.testkit.Golden;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The autoencoder against the reference library, on weights that a formula gives. */
class AutoencoderKlGoldenTest {
    private static final VaeConfig CONFIG = new VaeConfig(List.of(16, 32), 1, 4, 4, 16, 0.18215f, true, true, true);

    private final Device device = Device.cpu();
    private final AutoencoderKl vae = AutoencoderKl.load(ParameterScope.root(device, new FormulaWeights()), CONFIG);

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void momentsAreTheReferencesAlsoWhereTheSizeIsOdd() {
        Golden.of("VAE.moments").assertMatches(moments("in.image", 16, 16));
        Golden.of("VAE.moments18x14").assertMatches(moments("in.image2", 18, 14));
    }

    @Test
    void decodedPictureAndItsGradientAreTheReferences() {
        try (Recording tape = Recording.open()) {
            Tensor latent = tape.watch(input("in.latent", Math.sqrt(3), 1, 4, 8, 8));
            Tensor picture = vae.decode(latent);
            Golden.of("VAE.decode").assertMatches(picture.permute(0, 3, 1, 2).toArray());
            Tensor seed = input("in.gradimg", Math.sqrt(3), 1, 3, 16, 16);
            Golden.of("VAE.d_latent").assertMatches(tape.gradients(picture, seed).of(latent).permute(0, 3, 1, 2).toArray());
        }
    }

    private float[] moments(String name, int height, int width) {
        LatentDistribution latent = vae.encode(input(name, 1, 1, 3, height, width));
        return Tensor.concat(3, latent.mean(), latent.logVariance()).permute(0, 3, 1, 2).toArray();
    }

    private Tensor input(String name, double scale, int... dims) {
        Shape shape = Shape.of(dims);
        return device.tensor(shape, FormulaWeights.numbers(name, Math.toIntExact(shape.size()), 0, scale)).permute(0, 2, 3, 1);
    }
}
