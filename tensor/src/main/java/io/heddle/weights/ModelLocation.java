package io.heddle.weights;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** A Stable Diffusion 1 or 2 model on disk, in one of the layouts in which such models are passed on. */
public sealed interface ModelLocation permits ModelFolder, SingleFile {
    /** As {@link #resolve(String, Optional, HubCache)} with the cache of this process's environment. */
    static ModelLocation resolve(String model, Optional<String> variant) {
        return resolve(model, variant, HubCache.ofEnvironment());
    }

    /**
     * Finds a model.
     *
     * @param model a folder in the diffusers layout, a single safetensors file, or an id on the Hugging Face Hub ({@code organisation/name}, optionally
     *     {@code @revision}), which is looked up in {@code cache}
     * @param variant for a folder, the variant of weights to prefer, such as {@code fp16}; for a single file, {@code ema} chooses the averaged weights
     * @throws WeightException if there is no such model or it is not supported; the message lists what was found
     */
    static ModelLocation resolve(String model, Optional<String> variant, HubCache cache) {
        Path path = path(model);
        if (Files.isDirectory(path)) {
            return ModelFolder.of(path, variant);
        }
        if (Files.exists(path)) {
            return SingleFile.of(path, variant);
        }
        int at = model.indexOf('@');
        String id = at < 0 ? model : model.substring(0, at);
        if (!HubCache.isId(id)) {
            throw new WeightException.Inaccessible("the model " + Phrases.name(model)
                    + " is neither a folder nor a file, nor an id on the Hugging Face Hub (organisation/name)");
        }
        return ModelFolder.of(cache.snapshot(id, at < 0 ? "main" : model.substring(at + 1)), variant);
    }

    private static Path path(String model) {
        try {
            return Path.of(model);
        } catch (InvalidPathException e) {
            throw new WeightException.Inaccessible("the model " + Phrases.name(model) + " is not a path: " + e.getReason(), e);
        }
    }

    /** The folder or file. */
    Path path();

    /**
     * Opens the weights of one network, under the names that current versions of the reference libraries use and, for the text encoder, with the prefix
     * {@code text_model.}. The caller closes it.
     *
     * @throws WeightException if they are missing, of another format or malformed
     */
    Checkpoint open(Component component);

    /**
     * The configuration of one network.
     *
     * @throws WeightException if it is missing or not a JSON object
     */
    ConfigReader config(Component component);

    /**
     * The configuration of the noise schedule.
     *
     * @throws WeightException if it is missing or not a JSON object
     */
    ConfigReader schedulerConfig();

    /**
     * The folder of the tokenizer, whose files are not looked at.
     *
     * @throws WeightException if there is none
     */
    Path tokenizerFolder();
}
