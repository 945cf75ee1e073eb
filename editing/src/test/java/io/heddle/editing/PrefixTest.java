package io.heddle.editing;

import io.heddle.attention.Pass;
import io.heddle.attention.Prefix;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import io.heddle.unet.UNet;
import org.junit.jupiter.api.Test;

class PrefixTest {
    @Test
    void sharedPrefix_isComputedOnce_andGivesOtherTextsTheirOwnBits() {
        try (Device device = Device.open("cpu", 2);
                UNet unet = SmallNetwork.load(device);
                Prefix prefix = new Prefix();
                Scope _ = device.scope()) {
            Tensor latent = SmallNetwork.latent(device);
            unet.predict(latent, pass(device, "a cat").sharing(prefix));
            Tensor expected = unet.predict(latent, pass(device, "a dog"));
            Tensor shared = unet.predict(latent.times(Float.NaN), pass(device, "a dog").sharing(prefix));
            TensorAssert.assertSameBits("a dog", shared.toArray(), expected.toArray());
        }
    }

    private static Pass pass(Device device, String text) {
        return Pass.of(Step.at(501), TextConditioning.of(SmallNetwork.text(device, text)));
    }
}
