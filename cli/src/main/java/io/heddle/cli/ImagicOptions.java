package io.heddle.cli;

import io.heddle.editing.StableDiffusion;
import io.heddle.editing.imagic.Descent;
import io.heddle.editing.imagic.Imagic;
import io.heddle.editing.imagic.ImagicSettings;
import io.heddle.editing.imagic.MemoryEstimate;
import io.heddle.editing.imagic.Trained;
import io.heddle.spi.Extent;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The constants of Imagic; what is not given is the standard for a network of the model's size. */
final class ImagicOptions {
    /** What decides how the embedding and the network are tuned. */
    static final String[] NAMES =
            {"--embedding-steps", "--embedding-learning-rate", "--finetune-steps", "--finetune-learning-rate", "--batch", "--train", "--tuning-seed"};

    private static final double GIGABYTE = 1e9;

    @Option(names = "--embedding-steps", paramLabel = "N",
            description = "Steps of the embedding; 0 leaves it at the target's (default: 1000, for small networks 30).")
    private @Nullable Integer embeddingSteps;

    @Option(names = "--embedding-learning-rate", paramLabel = "R", description = "Their learning rate (default: 2e-3, for small networks 2e-2).")
    private @Nullable Double embeddingLearningRate;

    @Option(names = "--finetune-steps", paramLabel = "N",
            description = "Steps of the network; 0 leaves it as it is (default: 1500, for small networks 40).")
    private @Nullable Integer finetuneSteps;

    @Option(names = "--finetune-learning-rate", paramLabel = "R", description = "Their learning rate (default: 5e-7, for small networks 2e-4).")
    private @Nullable Double finetuneLearningRate;

    @Option(names = "--batch", paramLabel = "N", description = "Noise levels that each step looks at (default: 1, for small networks 8).")
    private @Nullable Integer batch;

    @Option(names = "--train", paramLabel = "WEIGHTS", defaultValue = "all",
            description = "Which weights of the network are tuned: all, or attention, for less memory (default: ${DEFAULT-VALUE}).")
    private String train;

    @Option(names = "--tuning-seed", paramLabel = "N", defaultValue = "0",
            description = "Seed of the noise levels and noise of both stages (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--low-memory", description = "Compute gradients in less memory and a third more time; the results are the same."
            + " Done without being asked where half of the device's memory would not do.")
    private boolean lowMemory;

    /** The settings for a model. */
    ImagicSettings settings(StableDiffusion model) {
        ImagicSettings standard = ImagicSettings.standard(model.unet());
        return new ImagicSettings(
                descent(standard.embedding(), embeddingSteps, embeddingLearningRate),
                descent(standard.network(), finetuneSteps, finetuneLearningRate), Trained.of(train), seed);
    }

    private Descent descent(Descent standard, @Nullable Integer steps, @Nullable Double learningRate) {
        return new Descent(
                steps == null ? standard.steps() : steps,
                learningRate == null ? standard.learningRate() : learningRate,
                batch == null ? standard.batch() : batch);
    }

    /** Imagic on a model, with what memory there is; what it will take is told before it starts. */
    Imagic imagic(Subcommand command, StableDiffusion model, Extent latent) {
        ImagicSettings settings = settings(model);
        long there = model.device().backend().memory().capacity();
        boolean checkpointed = lowMemory || Imagic.of(model, settings, false).memory(latent).total() > there / 2;
        Imagic imagic = Imagic.of(model, settings, checkpointed);
        MemoryEstimate memory = imagic.memory(latent);
        command.tell("tuning takes about " + memory + " of " + String.format(Locale.ROOT, "%.2f GB", there / GIGABYTE));
        if (memory.total() > there) {
            throw new UserError(String.format(Locale.ROOT,
                    "tuning this network needs about %.0f GB, but its device has %.2f GB: tune less with --train"
                            + " attention, or give the CPU a larger heap with HEDDLE_JAVA_OPTIONS=-Xmx...",
                    Math.ceil(1.25 * memory.total() / GIGABYTE),
                    there / GIGABYTE));
        }
        return imagic;
    }
}
