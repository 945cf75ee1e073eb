package io.heddle.cli;

import io.heddle.editing.Latents;
import io.heddle.editing.StableDiffusion;
import io.heddle.schedulers.Schedule;
import io.heddle.schedulers.SchedulerConfig;
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
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** How a picture is sampled. */
final class SamplingOptions {
    /** The samplers by the names that users type. */
    enum Sampler {
        DDIM,
        PNDM,
        EULER,
        DPMSOLVER,
        /** The checkpoint's own. */
        CONFIG;

        static Sampler named(String name) {
            String plain = name.toUpperCase(Locale.ROOT).replace("++", "");
            return Arrays.stream(values())
                    .filter(sampler -> sampler.name().equals(plain))
                    .findFirst()
                    .orElseThrow(() -> new UserError("--scheduler " + name + " is unknown: expected ddim, pndm, euler, dpmsolver++ or config"));
        }
    }

    private static final String LATENTS = "latents";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

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
            description = "Width of the picture (default: that of --latents-in, or the checkpoint's).")
    @Nullable Integer width;

    @Option(names = {"-H", "--height"}, paramLabel = "PIXELS",
            description = "Height of the picture (default: that of --latents-in, or the checkpoint's).")
    @Nullable Integer height;

    @Option(names = {"-s", "--seed"}, paramLabel = "N", defaultValue = "0",
            description = "Seed of the start noise, drawn as PyTorch's CPU generator does; -1: random, and printed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--latents-in", paramLabel = "FILE",
            description = "Start from this noise of unit variance instead: safetensors, tensor latents [1 or prompts, 4, h, w].")
    private @Nullable Path latentsIn;

    private @Nullable Long drawnSeed;

    /** The seed that is used. */
    long seed() {
        if (drawnSeed == null) {
            drawnSeed = seed == -1 ? ThreadLocalRandom.current().nextLong(1L << 32) : seed;
        }
        return drawnSeed;
    }

    /** The steps of the run. */
    Schedule schedule(StableDiffusion model) {
        return config(model).steps(steps);
    }

    private SchedulerConfig config(StableDiffusion model) {
        return switch (Sampler.named(scheduler)) {
            case DDIM -> model.scheduler(SchedulerKind.DDIM);
            case PNDM -> model.scheduler(SchedulerKind.PNDM);
            case EULER -> model.scheduler(SchedulerKind.EULER);
            case DPMSOLVER -> model.scheduler(SchedulerKind.DPM_SOLVER);
            case CONFIG -> model.scheduler();
        };
    }

    /** Refuses numbers that no model could take, before one is loaded. */
    void check() {
        Sampler.named(scheduler);
        if (steps < 1 || steps > 1000) {
            throw new UserError("--steps is " + steps + ": expected 1 to 1000");
        }
        if (!Double.isFinite(guidanceScale)) {
            throw new UserError("--guidance-scale is " + guidanceScale + ": expected a finite number");
        }
    }

    /** Takes what was not given from the inversion of the picture that is edited. */
    void follow(int inversionSteps, double inversionGuidance) {
        ParseResult given = command.commandLine().getParseResult();
        steps = given.hasMatchedOption("--steps") ? steps : inversionSteps;
        guidanceScale = given.hasMatchedOption("--guidance-scale") ? guidanceScale : inversionGuidance;
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
            return Latents.fromChannelsFirst(model.device(), one.with(0, Math.toIntExact(stored.shape().getFirst())), stored.toFloats());
        }
    }

    private static List<Long> list(Shape shape) {
        return Arrays.stream(shape.dims()).mapToObj(Long::valueOf).toList();
    }
}
