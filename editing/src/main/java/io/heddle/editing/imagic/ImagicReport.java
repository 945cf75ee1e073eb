package io.heddle.editing.imagic;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * How both stages went. The loss of a single step says little: it is large at low noise levels and small at high ones.
 *
 * @param embeddingLosses the loss before each step of the embedding
 * @param networkLosses the loss before each step of the network
 * @param measured the mean loss over the same noise levels and noise: of the target's encoding, of the optimised one, of the tuned network
 */
public record ImagicReport(List<Float> embeddingLosses, List<Float> networkLosses, List<Float> measured) {
    /** What the user should know, a sentence each; empty when all is well. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (!embeddingLosses.isEmpty() && measured.size() > 1 && measured.get(1) >= measured.get(0)) {
            warnings.add("the optimised embedding denoises the picture no better than the target's: try more steps or another learning rate");
        }
        if (!networkLosses.isEmpty() && measured.size() > 2 && measured.get(2) >= measured.get(1)) {
            warnings.add("the tuned network denoises the picture no better than before: try more steps or another learning rate");
        }
        return warnings;
    }

    /** This report as JSON. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.add("embeddingLosses", array(embeddingLosses));
        json.add("networkLosses", array(networkLosses));
        json.add("measuredLosses", array(measured));
        return json;
    }

    static ImagicReport of(JsonObject json) {
        return new ImagicReport(list(json, "embeddingLosses"), list(json, "networkLosses"), list(json, "measuredLosses"));
    }

    private static JsonArray array(List<Float> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    private static List<Float> list(JsonObject json, String key) {
        return json.getAsJsonArray(key).asList().stream().map(JsonElement::getAsFloat).toList();
    }
}
