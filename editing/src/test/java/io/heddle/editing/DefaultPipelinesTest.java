package io.heddle.editing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.attention.TextEmbedding;
import io.heddle.clip.ClipInitialisation;
import io.heddle.clip.ClipTextConfig;
import io.heddle.clip.ClipTextConfig.Activation;
import io.heddle.clip.ClipTextEncoder;
import io.heddle.nn.DefaultInitialisation;
import io.heddle.nn.ParameterScope;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.SharedFiles;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.unet.UNetConfig.Level;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.VaeConfig;
import io.heddle.weights.ConfigReader;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tiny pipelines of the reference library's own tests, of both generations, on the weights that PyTorch initialises. */
class DefaultPipelinesTest {
    private static final double GUIDANCE = 6;
    private static final String STABLE_DIFFUSION =
            "\"beta_start\":0.00085,\"beta_end\":0.012,\"beta_schedule\":\"scaled_linear\",\"set_alpha_to_one\":false";

    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    @ParameterizedTest
    @CsvSource({
        "sd1tiny.ddim, DDIM, epsilon, leading, 2, 0, 64",
        "sd1tiny.ddim.136, DDIM, epsilon, leading, 2, 0, 136",
        "sd1tiny.ddim_v, DDIM, v_prediction, leading, 2, 0, 64",
        "sd1tiny.ddim_trailing, DDIM, epsilon, trailing, 2, 0, 64",
        "sd1tiny.pndm_default_betas, PNDM, default betas, leading, 2, 0, 64",
        "sd1tiny.euler_from_ddim_cfg, EULER, epsilon, linspace, 2, 0, 64",
        "sd1tiny.dpmpp, DPM_SOLVER, epsilon, linspace, 2, 0, 64",
        "sd2tiny.ddim, DDIM, epsilon, leading, 2, 0, 64",
        "sd2tiny.ddim_v, DDIM, v_prediction, leading, 2, 0, 64",
        "sd2tiny.ddim_trailing, DDIM, epsilon, trailing, 2, 0, 64",
        "sd2tiny.pndm_default_betas, PNDM, default betas, leading, 2, 0, 64",
        "sd2tiny.euler_from_ddim_cfg, EULER, epsilon, linspace, 2, 0, 64",
        "sd2tiny.dpmpp, DPM_SOLVER, epsilon, linspace, 2, 0, 64",
        "sd2tiny.ddim_trailing10_rescale0.7, DDIM, epsilon, trailing, 10, 0.7, 64",
    })
    void cornerOfThePictureIsTheReferences(
            String name, SchedulerKind kind, String prediction, String spacing, int steps, double rescale, int side) {
        JsonObject golden = SharedFiles.json("golden/pipelines_default_init.json").getAsJsonObject();
        boolean first = name.startsWith("sd1");
        ClipTextConfig clip = first
                ? new ClipTextConfig(1000, 8, 16, 2, 2, 77, Activation.QUICK_GELU, 1e-5f, 512, 2)
                : new ClipTextConfig(1000, 32, 37, 5, 4, 77, Activation.GELU, 1e-5f, 512, 2);
        ClipTextEncoder text = ClipTextEncoder.load(ParameterScope.root(device, new ClipInitialisation(0, clip)), clip);
        List<Level> levels = first
                ? List.of(new Level(4, 8, false, false, 1), new Level(8, 8, true, true, 1))
                : List.of(new Level(32, 2, false, false, 1), new Level(64, 4, true, true, 1));
        UNetConfig unetConfig = new UNetConfig(32, 4, 4, true, 0, levels, first ? 1 : 2, first ? 2 : 32, 1e-5f, first ? 8 : 32, !first);
        UNet unet = UNet.load(ParameterScope.root(device, new DefaultInitialisation(0)), unetConfig);
        VaeConfig vaeConfig =
                new VaeConfig(first ? List.of(4, 8) : List.of(32, 64), 1, 4, first ? 2 : 32, 64, 0.18215f, true, true, true);
        AutoencoderKl vae = AutoencoderKl.load(ParameterScope.root(device, new DefaultInitialisation(0)), vaeConfig);
        String betas = prediction.equals("default betas") ? "" : STABLE_DIFFUSION + ",\"prediction_type\":\"" + prediction + "\",";
        String json = "{" + betas + "\"skip_prk_steps\":true,\"timestep_spacing\":\"" + spacing + "\"}";
        Schedule schedule =
                kind.read(ConfigReader.of("test", JsonParser.parseString(json).getAsJsonObject())).forStableDiffusion().steps(steps);
        Conditioning conditioning = Conditioning.of(List.of(encode(text, golden, "pos")), encode(text, golden, "neg"));
        Tensor noise = Latents.noise(device, 0, 1, new Extent(side / 2, side / 2), 4).times(schedule.initialScale());
        EditRecipe recipe = EditRecipe.plain(conditioning, Guidance.classifierFree(GUIDANCE, rescale));
        Tensor latents = new Sampler(unet::predict, schedule).run(noise, recipe, SamplingListener.NONE);
        Tensor picture = vae.decode(latents.dividedBy(vaeConfig.scalingFactor())).times(0.5f).plus(0.5f).clamp(0, 1);
        float[] corner = picture.slice(1, side - 3, 3).slice(2, side - 3, 3).slice(3, 2, 1).toArray();
        JsonArray expected = golden.getAsJsonObject("results").getAsJsonArray(name);
        double[] values = expected.asList().stream().mapToDouble(e -> e.getAsDouble()).toArray();
        TensorAssert.assertClose(name, TensorAssert.doubles(corner), values, Tolerances.GUIDED_PICTURE);
    }

    private static TextEmbedding encode(ClipTextEncoder text, JsonObject golden, String ids) {
        return TextEmbedding.of(text.encode(golden.getAsJsonArray(ids).asList().stream().mapToInt(e -> e.getAsInt()).toArray()).tokens());
    }
}
