package io.heddle.cli;

import com.google.gson.JsonObject;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import io.heddle.weights.ConfigReader;
import io.heddle.weights.ModelLocation;
import io.heddle.weights.WeightException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model consists of.
 *
 * @param path where it is
 * @param scheduler the class of its sampler and what the network predicts, or why they are not known
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
        return new ModelInfo(location.path(), scheduler(location), components);
    }

    private static String scheduler(ModelLocation location) {
        try {
            ConfigReader config = location.schedulerConfig();
            return config.text("_class_name", "DDIMScheduler") + ", " + config.text("prediction_type", "epsilon");
        } catch (WeightException.Inaccessible e) {
            return "no scheduler: " + e.getMessage(); // what the weights are can be told all the same
        }
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
