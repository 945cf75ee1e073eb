package io.heddle.toyworld;

import io.heddle.weights.ModelLocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The small Stable Diffusion that comes with the library: 128 by 128 pixels, cross-attention at 16 by 16 and 8 by 8, trained on the toy world and
 * nothing else. The model card beside its weights has data, recipe and measured quality.
 */
public final class EmbeddedModel {
    /** The name in recipes and reports. */
    public static final String NAME = "embedded";

    private static final List<String> FILES = List.of(
            "README.md",
            "autoencoder.csv",
            "decoder.csv",
            "denoiser.csv",
            "model_index.json",
            "order.csv",
            "pairs.csv",
            "scheduler/scheduler_config.json",
            "text_encoder/config.json",
            "text_encoder/model.safetensors",
            "tokenizer/merges.txt",
            "tokenizer/special_tokens_map.json",
            "tokenizer/tokenizer_config.json",
            "tokenizer/vocab.json",
            "training.json",
            "training.png",
            "unet/config.json",
            "unet/diffusion_pytorch_model.safetensors",
            "vae/config.json",
            "vae/diffusion_pytorch_model.safetensors");

    private EmbeddedModel() {}

    /**
     * The model as a folder in the diffusers layout: a temporary one, which is deleted when the program ends.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static ModelLocation locate() {
        try {
            Path folder = Files.createTempDirectory("heddle-model-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            for (String name : FILES) {
                Path file = folder.resolve(name);
                Files.createDirectories(file.getParent());
                try (InputStream in = open(name)) {
                    Files.copy(in, file);
                }
            }
            return ModelLocation.resolve(folder.toString(), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded model cannot be written to the folder for temporary files", e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = EmbeddedModel.class.getResourceAsStream("model/" + name);
        if (in == null) {
            throw new IllegalStateException("the embedded model's file " + name + " is not on the class path");
        }
        return in;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
