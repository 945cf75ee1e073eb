package io.heddle.editing;

import io.heddle.attention.TextEmbedding;
import io.heddle.clip.ClipTextConfig;
import io.heddle.clip.ClipTextConfig.Activation;
import io.heddle.clip.ClipTextEncoder;
import io.heddle.nn.ParameterScope;
import io.heddle.schedulers.DdimConfig;
import io.heddle.schedulers.DdimSchedule;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.testkit.Golden;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.unet.UNetConfig.Level;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.VaeConfig;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Text, network, sampler, picture and inversion in one run against the reference libraries, on weights that a formula gives. */
class EndToEndGoldenTest {
    private static final int CONTEXT = 77;
    private static final int START = 998;
    private static final int END = 999;

    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void fourGuidedStepsThePictureAndTheWayBackAreTheReferences() {
        ClipTextConfig clip = new ClipTextConfig(1000, 32, 64, 3, 4, CONTEXT, Activation.QUICK_GELU, 1e-5f, 24, END);
        ClipTextEncoder encoder = ClipTextEncoder.load(ParameterScope.root(device, new FormulaWeights()), clip);
        List<Level> levels = List.of(new Level(32, 8, true, true, 1), new Level(64, 8, false, false, 1));
        UNet unet = UNet.load(
                ParameterScope.root(device, new FormulaWeights()), new UNetConfig(8, 4, 4, true, 0, levels, 2, 8, 1e-5f, 32, false));
        AutoencoderKl vae = AutoencoderKl.load(
                ParameterScope.root(device, new FormulaWeights()), new VaeConfig(List.of(16, 32), 1, 4, 4, 16, 0.18215f, true, true, true));
        TextEmbedding prompt = TextEmbedding.of(encoder.encode(ids(START, 5, 77, 320, 5)).tokens());
        TextEmbedding negative = TextEmbedding.of(encoder.encode(ids(START)).tokens());
        DdimSchedule schedule = DdimConfig.stableDiffusion().steps(4);

        Tensor noise = Latents.noise(device, 0, 1, new Extent(8, 8), 4);
        EditRecipe guided = EditRecipe.plain(Conditioning.of(List.of(prompt), negative), Guidance.classifierFree(7.5));
        Tensor latents = new Sampler(unet::predict, schedule).run(noise, guided,
                (step, now) -> Golden.of("e2e.latents_after_step" + step.index()).assertMatches(Latents.toChannelsFirst(now)));
        Tensor picture = vae.decode(latents.dividedBy(vae.config().scalingFactor()));
        Golden.of("e2e.image_raw").assertMatches(Latents.toChannelsFirst(picture));

        EditRecipe unguided = EditRecipe.plain(Conditioning.of(List.of(prompt), negative), Guidance.classifierFree(1));
        Tensor inverted = new Sampler(unet::predict, schedule.reversed()).run(latents, unguided, SamplingListener.NONE);
        Golden.of("e2e.ddim_inverse4").assertMatches(Latents.toChannelsFirst(inverted));
    }

    private static int[] ids(int... start) {
        int[] ids = Arrays.copyOf(start, CONTEXT);
        Arrays.fill(ids, start.length, CONTEXT, END);
        return ids;
    }
}
