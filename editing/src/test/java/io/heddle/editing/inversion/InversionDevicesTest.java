package io.heddle.editing.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.editing.HalfDevice;
import io.heddle.editing.Latents;
import io.heddle.editing.ResultFile.Found;
import io.heddle.editing.SmallNetwork;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.schedulers.DdimConfig;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import io.heddle.unet.UNet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inversions where less than float32 is held, and files that go from one device to another. */
class InversionDevicesTest {
    private static final int STEPS = 3;

    @TempDir
    Path folder;

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void latents_keepTheirBitsInHalfPrecision() {
        try (Device exact = Device.open("cpu", 1);
                Device half = HalfDevice.open()) {
            float[] expected = Latents.toChannelsFirst(SmallNetwork.latent(exact));
            TensorAssert.assertSameBits("latents", Latents.toChannelsFirst(SmallNetwork.latent(half)), expected);
        }
    }

    @Test
    void killedInHalfPrecision_goesOnToTheSameBits() {
        try (Device half = HalfDevice.open();
                Scope _ = half.scope();
                UNet unet = SmallNetwork.load(half);
                Inversion whole = prepare(unet, half).finish(_ -> {})) {
            InversionFile file = new InversionFile(folder.resolve("cat.safetensors"));
            assertThatThrownBy(() -> file.advance(prepare(unet, half), run -> {
                if (run.done() == STEPS - 1) {
                    throw new Killed();
                }
            })).isInstanceOf(Killed.class);
            InversionRun resumed = prepare(unet, half);
            assertThat(file.resume(resumed)).isEqualTo(Found.PARTIAL);
            try (Inversion inversion = file.complete(resumed, Existing.REFUSE, _ -> {}, Inversion::report)) {
                assertSame(inversion.trajectory().latents(), whole.trajectory().latents());
                assertSame(inversion.reconstruction(), whole.reconstruction());
                assertThat(inversion.report().stepErrors()).isEqualTo(whole.report().stepErrors());
            }
        }
    }

    private static InversionRun prepare(UNet unet, Device device) {
        SourceText text = new SourceText("a cat", SmallNetwork.text(device, "a cat"), SmallNetwork.text(device, ""));
        return new Inverter("small", unet::predict, DdimConfig.stableDiffusion().steps(STEPS), 7.5)
                .prepare(SmallNetwork.latent(device), text, new DdimInversion());
    }

    private static void assertSame(List<Tensor> actual, List<Tensor> expected) {
        for (int i = 0; i < expected.size(); i++) {
            TensorAssert.assertSameBits("latent " + i, actual.get(i).toArray(), expected.get(i).toArray());
        }
    }
}
