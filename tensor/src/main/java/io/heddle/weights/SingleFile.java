package io.heddle.weights;

import io.heddle.weights.CompVisCheckpoint.Family;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole model in one safetensors file, as the original Stable Diffusion code and most fine-tuned models have it. Such a file carries no configuration
 * and no tokenizer. A companion folder in the diffusers layout may supply them: each of its files is used where it exists, and configurations are derived
 * from the tensors otherwise. By default the companion is the folder beside the file that has the file's name without {@code .safetensors}.
 */
public final class SingleFile implements ModelLocation {
    private static final Logger LOG = LoggerFactory.getLogger(SingleFile.class);
    private static final String SUFFIX = ".safetensors";
    private static final String AVERAGED_VARIANT = "ema";

    private final Path path;
    private final Path companion;
    private final Family family;
    private final boolean averaged;

    private SingleFile(Path path, Path companion, Family family, boolean averaged) {
        this.path = path;
        this.companion = companion;
        this.family = family;
        this.averaged = averaged;
    }

    /**
     * The model in {@code file}.
     *
     * @param variant {@code ema} chooses the UNet's averaged weights; others do not exist in single files and are ignored with a warning
     * @throws WeightException if the file is of another format or another kind of model
     */
    static SingleFile of(Path file, Optional<String> variant) {
        variant.filter(name -> !name.equals(AVERAGED_VARIANT))
                .ifPresent(name -> LOG.warn("{} is a single file, in which there is no variant {}", file, name));
        String name = file.getFileName().toString();
        String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name + ".d";
        try (Checkpoint whole = Checkpoint.open(file)) {
            Family family = new CompVisCheckpoint(whole).family();
            return new SingleFile(file, file.resolveSibling(stem), family, variant.filter(AVERAGED_VARIANT::equals).isPresent());
        }
    }

    /** The same model with configurations and tokenizer from {@code folder}, in the diffusers layout, where it has them. */
    public SingleFile withCompanion(Path folder) {
        return new SingleFile(path, folder, family, averaged);
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Checkpoint open(Component component) {
        Checkpoint whole = Checkpoint.open(path);
        try {
            return new CompVisCheckpoint(whole).component(component, averaged);
        } catch (RuntimeException e) {
            whole.close();
            throw e;
        }
    }

    @Override
    public ConfigReader config(Component component) {
        Path file = companion.resolve(component.folder()).resolve("config.json");
        if (Files.isRegularFile(file)) {
            return ConfigReader.read(file);
        }
        try (Checkpoint tensors = open(component)) {
            return new CompVisConfig(family, predictsVelocity(), tensors).of(component);
        }
    }

    private boolean predictsVelocity() {
        return Files.isRegularFile(schedule()) && ConfigReader.read(schedule()).text("prediction_type", "epsilon").equals("v_prediction");
    }

    private Path schedule() {
        return companion.resolve("scheduler/scheduler_config.json");
    }

    /**
     * The companion's configuration, or else that of Stable Diffusion 1.
     *
     * @throws WeightException for a file of Stable Diffusion 2 without a companion: nothing in it tells whether the network predicts noise or velocity
     */
    @Override
    public ConfigReader schedulerConfig() {
        if (Files.isRegularFile(schedule())) {
            return ConfigReader.read(schedule());
        }
        if (family == Family.STABLE_DIFFUSION_2) {
            throw new WeightException.Inaccessible(
                    path + " is a single file of Stable Diffusion 2, which does not tell whether the model predicts noise"
                            + " (epsilon) or velocity (v_prediction, the models for 768x768): put the model's scheduler configuration at "
                            + schedule());
        }
        return ConfigReader.of("the schedule of Stable Diffusion 1", CompVisConfig.scheduler());
    }

    @Override
    public Path tokenizerFolder() {
        Path folder = companion.resolve("tokenizer");
        if (!Files.isDirectory(folder)) {
            throw new WeightException.Inaccessible(
                    path + " is a single file, which carries no tokenizer: put vocab.json and merges.txt of the model into "
                            + folder);
        }
        return folder;
    }
}
