package io.heddle.toyworld.training;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.nn.Parameter;
import io.heddle.tensor.Shape;
import io.heddle.toyworld.Vocabulary;
import io.heddle.weights.Component;
import io.heddle.weights.SafetensorsWriter;
import io.heddle.weights.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Writes a model in the folder layout of the diffusers library, with weights in half precision. */
final class ModelWriter {
    private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();

    private ModelWriter() {}

    /** Writes all but the networks. */
    static void writeFrame(Path folder, Vocabulary vocabulary) throws IOException {
        Files.createDirectories(folder.resolve("scheduler"));
        Files.writeString(folder.resolve("model_index.json"), Architecture.text("model_index.json"));
        Files.writeString(folder.resolve("scheduler").resolve("scheduler_config.json"), Architecture.text("scheduler_config.json"));
        vocabulary.write(Files.createDirectories(folder.resolve("tokenizer")), Existing.REPLACE);
    }

    /** Writes one network. */
    static void writeNetwork(Path folder, Architecture architecture, Component component, Map<String, Parameter> parameters) throws IOException {
        Path target = Files.createDirectories(folder.resolve(component.folder()));
        Files.writeString(target.resolve("config.json"), JSON.toJson(architecture.files().get(component)) + "\n");
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        parameters.values().forEach(parameter -> {
            Shape shape = parameter.checkpointShape();
            writer.add(parameter.name(), StoredType.F16, Arrays.stream(shape.dims()).asLongStream().boxed().toList(), parameter::toCheckpoint);
        });
        writer.write(weights(folder, component), Existing.REPLACE);
    }

    /** The file of a network's weights. */
    static Path weights(Path folder, Component component) {
        return folder.resolve(component.folder()).resolve(component.stem() + ".safetensors");
    }
}
