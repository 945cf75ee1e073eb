package io.heddle.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model in the folder layout of the diffusers library: {@code model_index.json} and one folder for each component.
 *
 * @param path the folder
 * @param variant the variant of weights that each component uses where it has it
 */
public record ModelFolder(Path path, Optional<String> variant) implements ModelLocation {
    private static final String INDEX = "model_index.json";
    private static final String FLAX_PREFIX = "Flax";
    private static final List<String> SUPPORTED = List.of("StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline");

    /**
     * The model in {@code folder}.
     *
     * @throws WeightException if the folder is in another layout or of another kind of model
     */
    static ModelFolder of(Path folder, Optional<String> variant) {
        Path index = folder.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new WeightException.Inaccessible(folder + " is not a model in the diffusers layout: it holds no " + INDEX + "; found: "
                    + Phrases.listOrNothing(WeightFiles.listing(folder)) + hint(folder));
        }
        String pipeline = ConfigReader.read(index).text("_class_name", "nothing");
        if (!SUPPORTED.contains(pipeline.startsWith(FLAX_PREFIX) ? pipeline.substring(FLAX_PREFIX.length()) : pipeline)) {
            throw new WeightException.Unsupported(index + " describes a " + Phrases.name(pipeline) + ", which is not supported"
                    + (pipeline.contains("StableDiffusionXL") ? " (Stable Diffusion XL)" : "")
                    + ": use a model of Stable Diffusion 1 or 2, whose _class_name is "
                    + SUPPORTED.getFirst());
        }
        return new ModelFolder(folder, variant);
    }

    @Override
    public Checkpoint open(Component component) {
        Path weights = WeightFiles.find(path.resolve(component.folder()), component.stem(), variant);
        Checkpoint stored = Checkpoint.open(weights);
        try {
            return ComponentNames.canonical(component, stored);
        } catch (RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    @Override
    public ConfigReader config(Component component) {
        return ConfigReader.read(path.resolve(component.folder()).resolve("config.json"));
    }

    @Override
    public ConfigReader schedulerConfig() {
        return ConfigReader.read(path.resolve("scheduler/scheduler_config.json"));
    }

    @Override
    public Path tokenizerFolder() {
        Path folder = path.resolve("tokenizer");
        if (!Files.isDirectory(folder)) {
            throw new WeightException.Inaccessible(folder + " does not exist: a folder with the tokenizer is expected");
        }
        return folder;
    }

    private static String hint(Path folder) {
        if (Files.isRegularFile(folder.resolve("config.json"))) {
            return "; this may be one component: name the folder above it";
        }
        List<String> names = WeightFiles.listing(folder);
        return Stream.concat(
                names.stream().filter(name -> name.endsWith(".safetensors")).map(name -> "; to use a single file, name it: " + folder.resolve(name)),
                names.stream().filter(name -> name.equals("snapshots/")).map(name -> "; this is a cache entry: name a folder in snapshots"))
                .findFirst()
                .orElse("");
    }
}
