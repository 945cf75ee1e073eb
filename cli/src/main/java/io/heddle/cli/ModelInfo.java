package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ConfigReader;
import io.heddle.weights.ModelLocation;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model consists of.
 *
 * @param path where it is
 * @param scheduler the class of its sampler and what the network predicts
 * @param components the weights of each network
 */
record ModelInfo(Path path, String scheduler, Map<Component, CheckpointInfo> components) implements Report {
    static ModelInfo of(ModelLocation location, boolean listed) {
        Map<Component, CheckpointInfo> components = new LinkedHashMap<>();
        for (Component component : Component.values()) {
            try (Checkpoint checkpoint = location.open(component)) {
                components.put(component, CheckpointInfo.of(Path.of(checkpoint.origin()), checkpoint, listed));
            }
        }
        ConfigReader config = location.schedulerConfig();
        String scheduler = config.text("_class_name", "DDIMScheduler") + ", " + config.text("prediction_type", "epsilon");
        return new ModelInfo(location.path(), scheduler, components);
    }

    @Override
    public JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("model", path.toString());
        json.addProperty("scheduler", scheduler);
        components.forEach((component, info) -> json.add(component.folder(), info.json()));
        return json;
    }

    @Override
    public void print(PrintStream out) {
        out.println(path + ": " + scheduler);
        components.values().forEach(info -> info.print(out));
    }
}
