package io.heddle.cli.standin;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.clip.ClipTextConfig;
import io.heddle.clip.ClipTextEncoder;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.VaeConfig;
import io.heddle.weights.Component;
import io.heddle.weights.ConfigReader;
import io.heddle.weights.ModelLocation;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A tiny model of formula weights, complete in the folder layout. Its mechanism is Stable Diffusion's, at 128 by 128 pixels with cross-attention at
 * 16 by 16; its pictures mean nothing. It predicts velocity, so that latents stay bounded although nothing was learned.
 */
public final class StandInModel {
    private static final List<String> WORDS = List.of(
            ("a an and the on in at with big small red orange yellow green blue pur|ple pink brown white gray stri|ped dotted ball box star heart "
                    + "tree house fish bird cat dog flo|wer grass sand sky night background picture of").split(" "));

    private StandInModel() {}

    /**
     * Writes the model to a temporary folder, which is deleted when the program ends.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static ModelLocation locate() {
        try {
            Path folder = Files.createTempDirectory("heddle-stand-in-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            write(folder);
            return ModelLocation.resolve(folder.toString(), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("the stand-in model cannot be written to the folder for temporary files", e);
        }
    }

    /** Writes the model into an empty folder. */
    static void write(Path folder) throws IOException {
        Vocabulary vocabulary = new Vocabulary(WORDS);
        copy("model_index.json", folder.resolve("model_index.json"));
        copy("scheduler_config.json", Files.createDirectory(folder.resolve("scheduler")).resolve("scheduler_config.json"));
        Path tokenizer = Files.createDirectory(folder.resolve("tokenizer"));
        copy("tokenizer_config.json", tokenizer.resolve("tokenizer_config.json"));
        vocabulary.write(tokenizer);
        try (Device device = Device.open("cpu", 1)) {
            for (Component component : Component.values()) {
                Path target = Files.createDirectory(folder.resolve(component.folder()));
                JsonObject config = JsonParser.parseString(new String(bytes(component.folder() + ".json"), StandardCharsets.UTF_8)).getAsJsonObject();
                if (component == Component.TEXT_ENCODER) {
                    config.addProperty("vocab_size", vocabulary.size());
                }
                Path file = Files.writeString(target.resolve("config.json"), config.toString());
                weights(device, component, ConfigReader.read(file)).write(target.resolve(component.stem() + ".safetensors"), Existing.REFUSE);
            }
        }
    }

    /** The weights that a network takes while it is built. */
    private static SafetensorsWriter weights(Device device, Component component, ConfigReader config) {
        FormulaWeights formula = new FormulaWeights();
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        ParameterScope at = ParameterScope.root(device, (name, shapes) -> {
            float[] elements = formula.take(name, shapes);
            writer.add(name, StoredType.F16, Arrays.stream(shapes[0]).asLongStream().boxed().toList(), () -> elements);
            return elements;
        });
        switch (component) {
            case UNET -> UNet.load(at, UNetConfig.of(config)).close();
            case VAE -> AutoencoderKl.load(at, VaeConfig.of(config)).close();
            case TEXT_ENCODER -> ClipTextEncoder.load(at, ClipTextConfig.of(config)).close();
        }
        return writer;
    }

    private static void copy(String resource, Path target) throws IOException {
        Files.write(target, bytes(resource));
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(StandInModel.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
