package io.heddle.weights;

import io.heddle.files.AtomicFile.Existing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Copies of a model in the layouts in which models are passed on, each with the same values. */
public final class ModelCopies {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private ModelCopies() {}

    /** A copy of the folder {@code model}, file by file. */
    public static Path folder(Path model, Path target) {
        try (Stream<Path> files = Files.walk(model)) {
            for (Path file : files.sorted().toList()) {
                Path copy = target.resolve(model.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy in which every component is split into {@code count} shards whose names come from {@code shardName}. */
    public static Path sharded(Path model, Path target, int count, String indexSuffix, UnaryOperator<String> shardName) {
        folder(model, target);
        for (Component component : Component.values()) {
            Path folder = target.resolve(component.folder());
            Path whole = folder.resolve(component.stem() + ".safetensors");
            StringJoiner map = new StringJoiner(",", "{\"weight_map\":{", "}}");
            try (Checkpoint checkpoint = Checkpoint.open(whole)) {
                List<StoredTensor> tensors = new ArrayList<>(checkpoint.tensors());
                for (int shard = 0; shard < count; shard++) {
                    String name = shardName.apply(component.stem() + "-%05d-of-%05d".formatted(shard + 1, count));
                    SafetensorsWriter writer = new SafetensorsWriter();
                    for (StoredTensor tensor : tensors.subList(tensors.size() * shard / count, tensors.size() * (shard + 1) / count)) {
                        writer.addStored(tensor);
                        map.add("\"" + tensor.name() + "\":\"" + name + "\"");
                    }
                    writer.write(folder.resolve(name), Existing.REFUSE);
                }
                Files.writeString(folder.resolve(component.stem() + indexSuffix), map.toString());
                Files.delete(whole);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return target;
    }

    /** A copy whose weight files are of a variant, rounded to half precision. */
    public static Path half(Path model, Path target, String variant) {
        folder(model, target);
        for (Component component : Component.values()) {
            Path whole = target.resolve(component.folder()).resolve(component.stem() + ".safetensors");
            try (Checkpoint checkpoint = Checkpoint.open(whole)) {
                SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
                checkpoint.tensors().forEach(tensor -> writer.add(tensor.name(), StoredType.F16, tensor.shape(), tensor::toFloats));
                writer.write(whole.resolveSibling(component.stem() + "." + variant + ".safetensors"), Existing.REFUSE);
                Files.delete(whole);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return target;
    }

    /** The folder layout's model as one file of Stable Diffusion 1, with its configurations and tokenizer in the companion folder. */
    public static Path singleFile(Path model, Path target, int layersPerBlock) {
        ModelLocation location = ModelFolder.of(model, Optional.empty());
        try (Checkpoint unet = location.open(Component.UNET); Checkpoint vae = location.open(Component.VAE);
                Checkpoint text = location.open(Component.TEXT_ENCODER)) {
            SequencedMap<String, StoredTensor> tensors = CompVisLayout.stableDiffusion1(unet.tensors(), layersPerBlock, vae.tensors(),
                    text.tensors());
            CompVisLayout.write(target, tensors.values());
        }
        Path companion = target.resolveSibling(target.getFileName().toString().replace(".safetensors", ""));
        folder(model.resolve("tokenizer"), companion.resolve("tokenizer"));
        for (String config : List.of("unet/config.json", "vae/config.json", "text_encoder/config.json", "scheduler/scheduler_config.json")) {
            try {
                Files.createDirectories(companion.resolve(config).getParent());
                Files.copy(model.resolve(config), companion.resolve(config));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return target;
    }

    /** The folder layout's model as an entry of a Hugging Face cache below {@code cache}: links into a folder of blobs. */
    public static HubCache hubCache(Path model, Path cache, String id) {
        Path entry = cache.resolve("models--" + id.replace("/", "--"));
        Path snapshot = entry.resolve("snapshots/" + COMMIT);
        try (Stream<Path> files = Files.walk(model)) {
            Files.createDirectories(entry.resolve("refs"));
            Files.createDirectories(entry.resolve("blobs"));
            Files.writeString(entry.resolve("refs/main"), COMMIT);
            int blobs = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path blob = Files.copy(file, entry.resolve("blobs/" + blobs++));
                Path link = snapshot.resolve(model.relativize(file).toString());
                Files.createDirectories(link.getParent());
                Files.createSymbolicLink(link, link.getParent().relativize(blob));
            }
            return new HubCache(cache);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
