package io.heddle.unet;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.Fixture;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.reference.ReferenceBackend;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ModelLocation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The UNet on memory outside the heap: nothing above the backend depends on the CPU's. */
class UNetOnAnotherBackendTest {
    @Test
    void aPrediction_isTheReferencesAndLeavesNothingAllocated() {
        Fixture fixture = Fixture.of("04_unet_b");
        ModelLocation location = ModelLocation.resolve(SharedFiles.locate("fixtures/model_b").toString(), Optional.empty());
        ReferenceBackend backend = new ReferenceBackend();
        try (Device device = Device.of(backend)) {
            try (Scope _ = device.scope();
                    Checkpoint checkpoint = location.open(Component.UNET);
                    UNet unet = checkpoint
                            .load(weights -> UNet.load(ParameterScope.root(device, weights), UNetConfig.of(location.config(Component.UNET))));
                    TextEmbedding text = TextEmbedding.of(fixture.tensor(device, "in.context").row(0))) {
                Tensor latent = fixture.channelsLast(device, "in.latent_odd");
                fixture.assertChannelsLastMatches("out.odd.t321", unet.predict(latent, Pass.of(Step.at(321), TextConditioning.of(text))));
            }
            assertThat(backend.unreleased()).isEmpty();
        }
    }
}
