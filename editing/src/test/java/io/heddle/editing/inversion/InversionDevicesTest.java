package io.heddle.editing.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.editing.EditRecipe;
import io.heddle.editing.Guidance;
import io.heddle.editing.HalfDevice;
import io.heddle.editing.Latents;
import io.heddle.editing.ResultFile.Found;
import io.heddle.editing.Sampler;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.SmallNetwork;
import io.heddle.editing.StableDiffusion;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.schedulers.DdimConfig;
import io.heddle.tensor.Device;
import io.heddle.tensor.Scope;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.TensorAssert;
import io.heddle.unet.UNet;
import io.heddle.weights.ModelLocation;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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

    @Test
    void tuningInHalfPrecision_isRefusedBeforeTheFirstStep() {
        try (Device half = HalfDevice.open();
                UNet unet = SmallNetwork.load(half)) {
            InversionMethod method = new NullTextInversion(Tuning.NULL_TEXT);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> prepare(unet, half, method))
                    .withMessageContaining("open the device without fp16");
        }
    }

    @Test
    void fileOfOneDevice_isEditedOnAnother() {
        InversionFile file = new InversionFile(folder.resolve("cat.safetensors"));
        List<float[]> written = tuned(file);
        try (Device half = HalfDevice.open();
                Scope _ = half.scope();
                StableDiffusion model = toy(half);
                Inversion inversion = file.load(model)) {
            assertThat(inversion.prompt()).isEqualTo("a cat");
            for (int i = 0; i < written.size(); i++) {
                TensorAssert.assertSameBits("latent " + i, inversion.trajectory().at(i).toArray(), written.get(i));
            }
            EditRecipe recipe = EditRecipe.plain(inversion.source(), Guidance.classifierFree(inversion.guidance()));
            new Sampler(model.unet()::predict, Inverter.of(model, STEPS, 7.5, false).schedule()).run(inversion.start(), recipe,
                    SamplingListener.NONE);
        }
    }

    @Test
    void fileOfAnotherModel_isRefused() {
        InversionFile file = new InversionFile(folder.resolve("cat.safetensors"));
        tuned(file);
        try (Device device = Device.open("cpu", 2);
                Scope _ = device.scope();
                StableDiffusion model = toy(device)) {
            Tensor weight = model.textEncoder().parameters().values().iterator().next().tensor();
            weight.assign(weight.plus(1));
            assertThatIllegalArgumentException().isThrownBy(() -> file.load(model)).withMessageContaining("was made with another model");
        }
    }

    @Test
    void fileOfAnEarlierVersion_isRefusedInASentence() {
        Path path = folder.resolve("cat.safetensors");
        new SafetensorsWriter()
                .metadata("recipe",
                        "{\"method\":\"ddim\",\"settings\":{},\"prompt\":\"a cat\",\"steps\":3,\"guidance\":7.5,\"model\":\"\",\"inputs\":\"\"}")
                .metadata("progress", "{\"forward\":9,\"backward\":0,\"losses\":[]}")
                .add("trajectory", StoredType.F32, List.of(1L, 4L, 1L, 1L), () -> new float[4])
                .write(path, Existing.REFUSE);
        try (Device device = Device.open("cpu", 2);
                StableDiffusion model = toy(device)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new InversionFile(path).load(model))
                    .withMessageContaining("earlier version")
                    .withMessageContaining("invert the picture again");
        }
    }

    @Test
    void loadedAndClosed_leavesNoMemoryBehind() {
        InversionFile file = new InversionFile(folder.resolve("cat.safetensors"));
        tuned(file);
        try (Device device = Device.open("cpu", 2);
                StableDiffusion model = toy(device)) {
            long[] live = new long[2];
            for (int edit = 0; edit < live.length; edit++) {
                try (Scope _ = device.scope();
                        Inversion inversion = file.load(model)) {
                    EditRecipe recipe = EditRecipe.plain(inversion.source(), Guidance.classifierFree(inversion.guidance()));
                    new Sampler(model.unet()::predict, Inverter.of(model, STEPS, 7.5, false).schedule())
                            .run(inversion.start(), recipe, SamplingListener.NONE);
                }
                live[edit] = device.memory().liveBytes();
            }
            assertThat(live[1]).isEqualTo(live[0]);
        }
    }

    /** Writes an inversion that the processor tuned; returns its trajectory. */
    private static List<float[]> tuned(InversionFile file) {
        try (Device device = Device.open("cpu", 2);
                Scope _ = device.scope();
                StableDiffusion model = toy(device);
                SourceText text = SourceText.of(model, "a cat")) {
            InversionMethod method = new NullTextInversion(new Tuning(1, 0.01, OptionalDouble.empty()));
            InversionRun run = Inverter.of(model, STEPS, 7.5, false).prepare(SmallNetwork.latent(device), text, method);
            try (Inversion inversion = file.complete(run, Existing.REFUSE, _ -> {}, Inversion::report)) {
                return inversion.trajectory().latents().stream().map(Tensor::toArray).toList();
            }
        }
    }

    private static StableDiffusion toy(Device device) {
        return StableDiffusion.load(ModelLocation.resolve(SharedFiles.locate("toy_sd").toString(), Optional.empty()), device);
    }

    private static InversionRun prepare(UNet unet, Device device) {
        return prepare(unet, device, new DdimInversion());
    }

    private static InversionRun prepare(UNet unet, Device device, InversionMethod method) {
        SourceText text = new SourceText("a cat", SmallNetwork.text(device, "a cat"), SmallNetwork.text(device, ""));
        return new Inverter("small", unet::predict, DdimConfig.stableDiffusion().steps(STEPS), 7.5)
                .prepare(SmallNetwork.latent(device), text, method);
    }

    private static void assertSame(List<Tensor> actual, List<Tensor> expected) {
        for (int i = 0; i < expected.size(); i++) {
            TensorAssert.assertSameBits("latent " + i, actual.get(i).toArray(), expected.get(i).toArray());
        }
    }
}
