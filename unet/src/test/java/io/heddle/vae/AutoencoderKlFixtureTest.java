package io.heddle.vae;

import io.heddle.nn.ParameterScope;
import io.heddle.random.TorchGenerator;
import io.heddle.tensor.Device;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The autoencoder against the reference library on the tiny pipelines. */
class AutoencoderKlFixtureTest {
    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void momentsAndSampleAreTheReferences(String model) {
        Fixture fixture = Fixture.of("05_vae_" + model);
        AutoencoderKl vae = load("model_" + model);
        LatentDistribution latent = vae.encode(fixture.channelsLast(device, "in.image"));
        fixture.assertChannelsLastMatches("mean", latent.mean());
        fixture.assertChannelsLastMatches("logvar", latent.logVariance());
        long seed = fixture.json().getAsJsonObject("settings").get("sample_seed").getAsLong();
        float[] drawn = new TorchGenerator(seed).randn(Math.toIntExact(latent.mean().size()));
        Tensor mean = latent.mean();
        Tensor noise = device.tensor(Shape.of(mean.dim(0), mean.dim(3), mean.dim(1), mean.dim(2)), drawn).permute(0, 2, 3, 1);
        fixture.assertChannelsLastMatches("sample_seed", latent.sample(noise), "mean");
        fixture.assertChannelsLastMatches("mean_other", vae.encode(fixture.channelsLast(device, "in.image_other")).mean());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void decodedPictureAndItsGradientAreTheReferences(String model) {
        Fixture fixture = Fixture.of("05_vae_" + model);
        AutoencoderKl vae = load("model_" + model);
        try (Recording tape = Recording.open()) {
            Tensor z = tape.watch(fixture.channelsLast(device, "in.z"));
            Tensor picture = vae.decode(z);
            fixture.assertChannelsLastMatches("decode", picture);
            fixture.assertChannelsLastMatches("grad.z", tape.gradients(picture, fixture.channelsLast(device, "in.R")).of(z));
        }
    }

    private AutoencoderKl load(String model) {
        ModelLocation location = ModelLocation.resolve(SharedFiles.locate("fixtures/" + model).toString(), Optional.empty());
        try (Checkpoint checkpoint = location.open(Component.VAE)) {
            return checkpoint.load(weights -> AutoencoderKl.load(ParameterScope.root(device, weights), VaeConfig.of(location.config(Component.VAE))));
        }
    }
}
