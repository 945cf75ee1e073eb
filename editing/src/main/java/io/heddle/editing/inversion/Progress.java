package io.heddle.editing.inversion;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers of an inversion on its way that are no tensors.
 *
 * @param cost what was spent so far
 * @param losses of each step that was tuned so far, the loss before each update
 */
record Progress(Cost cost, List<List<Float>> losses) {
    static Progress of(InversionRun run) {
        return new Progress(run.cost, run.losses);
    }

    static Progress of(JsonObject json) {
        List<List<Float>> losses = new ArrayList<>();
        for (JsonElement inner : json.getAsJsonArray("losses")) {
            losses.add(inner.getAsJsonArray().asList().stream().map(JsonElement::getAsFloat).toList());
        }
        return new Progress(new Cost(json.get("forward").getAsLong(), json.get("backward").getAsLong()), losses);
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("forward", cost.forward());
        json.addProperty("backward", cost.backward());
        JsonArray perStep = new JsonArray();
        for (List<Float> inner : losses) {
            JsonArray values = new JsonArray();
            inner.forEach(values::add);
            perStep.add(values);
        }
        json.add("losses", perStep);
        return json;
    }
}
