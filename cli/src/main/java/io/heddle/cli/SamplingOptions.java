package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.editing.Fingerprint;
import io.heddle.editing.Latents;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.SchedulerKind;
import io.heddle.spi.Extent;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.weights.SafetensorsFile;
import io.heddle.weights.StoredTensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a picture is sampled. */
final class SamplingOptions {
    /** The samplers by the names that users type. */
    private static final Map<String, SchedulerKind> SCHEDULERS = Map.of(
            "ddim", SchedulerKind.DDIM, "pndm", SchedulerKind.PNDM, "euler", SchedulerKind.EULER, "dpmsolver++", SchedulerKind.DPM_SOLVER);

    /** The checkpoint's own sampler. */
    private static final String CONFIG = "config";

    private static final String LATENTS = "latents";

    @Option(names = {"--steps", "--num-inference-steps"}, paramLabel = "N", defaultValue = "50",
            description = "Sampling steps, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    int steps;

    @Option(names = {"--guidance-scale", "--cfg-scale"}, paramLabel = "G", defaultValue = "7.5",
            description = "Weight of the prompt against the negative prompt; 1 and below: the prompt alone (default: ${DEFAULT-VALUE}).")
    double guidanceScale;

    @Option(names = "--scheduler", paramLabel = "NAME", defaultValue = "ddim",
            description = "ddim, pndm, euler, dpmsolver++, or config: the checkpoint's own (default: ${DEFAULT-VALUE}).")
    String scheduler;

    @Option(names = {"-W", "--width"}, paramLabel = "PIXELS",
            description = "Width of the picture (default: that of --latents-in, or the checkpoint's; a real picture keeps its proportions).")
    @Nullable Integer width;

    @Option(names = {"-H", "--height"}, paramLabel = "PIXELS",
            description = "Height of the picture (default: that of --latents-in, or the checkpoint's; a real picture keeps its proportions).")
    @Nullable Integer height;

    @Option(names = {"-s", "--seed"}, paramLabel = "N", defaultValue = "0",
            description = "Seed of the start noise, drawn as PyTorch's CPU generator does; -1: random, and printed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--latents-in", paramLabel = "FILE",
            description = "Start from this noise of unit variance instead: safetensors, tensor latents [1 or prompts, 4, h, w].")
    private @Nullable Path latentsIn;

    private @Nullable Long drawnSeed;
    private @Nullable String fingerprint;

    /** The seed to draw noise by. */
    long seed() {
        if (drawnSeed == null) {
            drawnSeed = seed == -1 ? ThreadLocalRandom.current().nextLong(1L << 32) : seed;
        }
        return drawnSeed;
    }

    /** The seed that noise was drawn by, if any was drawn. */
    Optional<Long> usedSeed() {
        return Optional.ofNullable(drawnSeed);
    }

    /** The steps of the run. */
    Schedule schedule(StableDiffusion model) {
        return model.scheduler(kind(model)).steps(steps);
    }

    /** The name of the sampler; of the checkpoint's own, if that was asked for. */
    String schedulerName(StableDiffusion model) {
        SchedulerKind kind = kind(model);
        return SCHEDULERS.entrySet().stream().filter(named -> named.getValue() == kind).map(Map.Entry::getKey).findFirst().orElseThrow();
    }

    private SchedulerKind kind(StableDiffusion model) {
        return named().orElseGet(() -> SchedulerKind.named(model.schedulerFile()));
    }

    /** The sampler that was asked for; empty for the checkpoint's own. */
    private Optional<SchedulerKind> named() {
        String name = scheduler.toLowerCase(Locale.ROOT);
        if (name.equals(CONFIG)) {
            return Optional.empty();
        }
        SchedulerKind kind = SCHEDULERS.get(name.equals("dpmsolver") ? "dpmsolver++" : name);
        if (kind == null) {
            throw new UserError("--scheduler " + scheduler + " is unknown: expected ddim, pndm, euler, dpmsolver++ or config");
        }
        return Optional.of(kind);
    }

    /** Refuses numbers that no model could take, before one is loaded. */
    void check() {
        named();
        if (steps < 1 || steps > 1000) {
            throw new UserError("--steps is " + steps + ": expected 1 to 1000");
        }
        if (!Double.isFinite(guidanceScale)) {
            throw new UserError("--guidance-scale is " + guidanceScale + ": expected a finite number");
        }
    }

    /**
     * Refuses a seed that nothing is drawn by.
     *
     * @param known whether the run starts from what a real picture was led to
     */
    void checkSeed(Subcommand command, boolean known) {
        if (known) {
            command.refuse("on a real picture", "--seed");
        } else if (latentsIn != null) {
            command.refuse("with --latents-in", "--seed");
        }
    }

    /** Takes what was not given from the inversion of the picture that is edited. */
    void follow(Subcommand command, int inversionSteps, double inversionGuidance) {
        steps = command.isGiven("--steps") ? steps : inversionSteps;
        guidanceScale = command.isGiven("--guidance-scale") ? guidanceScale : inversionGuidance;
    }

    /** Adds to a recipe what the run was started from, as far as it was drawn or read. */
    void describeStart(JsonObject details) {
        if (drawnSeed != null) {
            details.addProperty("seed", drawnSeed);
            details.addProperty("generator", "torch-cpu");
        }
        if (fingerprint != null) {
            details.addProperty("latentsIn", String.valueOf(latentsIn));
            details.addProperty("latentsFingerprint", fingerprint);
        }
    }

    /** The picture's size: given sides, or else that of the latents to start from, or the checkpoint's. */
    Extent size(StableDiffusion model) {
        Extent standard = latentsIn == null ? model.defaultSize() : sizeOfLatents(model, latentsIn);
        return new Extent(height == null ? standard.height() : height, width == null ? standard.width() : width);
    }

    private static Extent sizeOfLatents(StableDiffusion model, Path from) {
        try (SafetensorsFile file = SafetensorsFile.open(from)) {
            StoredTensor stored = file.tensors().get(LATENTS);
            if (stored == null || stored.shape().size() != 4) {
                throw new UserError(from + ": expected a tensor latents [1 or prompts, 4, h, w], found "
                        + (stored == null ? file.tensors().keySet() : stored.shape()));
            }
            int factor = model.vae().config().downsampling();
            return new Extent(Math.toIntExact(factor * stored.shape().get(2)), Math.toIntExact(factor * stored.shape().get(3)));
        }
    }

    /** The noise of unit variance that the run starts from, {@code [1 or prompts, height, width, 4]}. */
    Tensor noise(StableDiffusion model, int prompts) {
        return noise(model, prompts, model.latentSize(size(model)));
    }

    /** The same for latents of a size. */
    Tensor noise(StableDiffusion model, int prompts, Extent latent) {
        if (latentsIn == null) {
            return model.noise(seed(), latent);
        }
        try (SafetensorsFile file = SafetensorsFile.open(latentsIn)) {
            StoredTensor stored = file.tensors().get(LATENTS);
            int channels = model.unet().config().inChannels();
            Shape one = Shape.of(1, channels, latent.height(), latent.width());
            if (stored == null || !stored.shape().equals(list(one)) && !stored.shape().equals(list(one.with(0, prompts)))) {
                throw new UserError(latentsIn + ": expected a tensor latents of shape " + one + (prompts == 1 ? "" : " or " + one.with(0, prompts))
                        + ", found " + (stored == null ? file.tensors().keySet() : stored.shape()) + "; set --width and --height to fit");
            }
            float[] elements = stored.toFloats();
            fingerprint = new Fingerprint().add(elements).hex();
            return Latents.fromChannelsFirst(model.device(), one.with(0, Math.toIntExact(stored.shape().getFirst())), elements);
        }
    }

    private static List<Long> list(Shape shape) {
        return Arrays.stream(shape.dims()).mapToObj(Long::valueOf).toList();
    }
}
