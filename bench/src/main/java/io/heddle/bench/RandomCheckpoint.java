package io.heddle.bench;

import io.heddle.clip.ClipTextConfig;
import io.heddle.clip.ClipTextEncoder;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.nn.ParameterScope;
import io.heddle.unet.UNet;
import io.heddle.unet.UNetConfig;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.VaeConfig;
import io.heddle.weights.Component;
import io.heddle.weights.ConfigReader;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * Writes a model in the folder layout and with all sizes of Stable Diffusion 1.5, whose weights are random: it loads, runs and weighs what a real one does,
 * and paints noise. Run it as
 *
 * <pre>{@code
 * java -cp benchmarks.jar io.heddle.bench.RandomCheckpoint FOLDER TOKENIZER [fp32|fp16] [SEED]
 * }</pre>
 *
 * where {@code TOKENIZER} is a folder with {@code vocab.json} and {@code merges.txt}, which are copied.
 */
public final class RandomCheckpoint {
    private RandomCheckpoint() {}

    /** Writes the folder. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            System.err.println("usage: RandomCheckpoint FOLDER TOKENIZER [fp32|fp16] [SEED]");
            System.exit(2);
        }
        boolean half = arguments.length > 2 && arguments[2].equals("fp16");
        long seed = arguments.length > 3 ? Long.parseLong(arguments[3]) : 0;
        write(Path.of(arguments[0]), Path.of(arguments[1]), half ? StoredType.F16 : StoredType.F32, new RandomWeights(seed));
    }

    private static void write(Path folder, Path tokenizer, StoredType type, RandomWeights weights) throws IOException {
        copyResource("model_index.json", folder.resolve("model_index.json"));
        copyResource("scheduler_config.json", folder.resolve("scheduler").resolve("scheduler_config.json"));
        copyFolder(tokenizer, folder.resolve("tokenizer"));
        for (Component component : Component.values()) {
            Path target = folder.resolve(component.folder());
            copyResource(component.folder() + ".json", target.resolve("config.json"));
            SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
            parameters(component).forEach((name, shape) -> writer.add(name, type, longs(shape), () -> weights.take(name, shape)));
            writer.write(target.resolve(component.stem() + ".safetensors"), Existing.REPLACE);
        }
    }

    /** The names and shapes that a network of Stable Diffusion 1.5 takes from a checkpoint. */
    static SequencedMap<String, int[]> parameters(Component component) throws IOException {
        SequencedMap<String, int[]> taken = new LinkedHashMap<>();
        ParameterScope at = ParameterScope.root(HollowDevice.open(), (name, shapes) -> {
            taken.put(name, shapes[0]);
            return new float[Arrays.stream(shapes[0]).reduce(1, Math::multiplyExact)];
        });
        String resource = component.folder() + ".json";
        ConfigReader config;
        try (InputStream in = resource(resource)) {
            config = ConfigReader.parse(resource, in.readAllBytes());
        }
        switch (component) {
            case UNET -> UNet.load(at, UNetConfig.of(config));
            case VAE -> AutoencoderKl.load(at, VaeConfig.of(config));
            case TEXT_ENCODER -> ClipTextEncoder.load(at, ClipTextConfig.of(config));
        }
        return taken;
    }

    private static InputStream resource(String name) {
        return RandomCheckpoint.class.getResourceAsStream("stable-diffusion-1/" + name);
    }

    private static void copyResource(String name, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (InputStream in = resource(name)) {
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void copyFolder(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static List<Long> longs(int[] shape) {
        return Arrays.stream(shape).asLongStream().boxed().toList();
    }
}
