package io.heddle.bench.imagic;

import com.google.gson.JsonObject;
import io.heddle.image.Fidelity;
import io.heddle.image.Picture;
import io.heddle.toyworld.Attribute;
import io.heddle.toyworld.Oracle;
import io.heddle.toyworld.Reading;
import java.util.List;

/**
 * What the oracle reads of an edited picture.
 *
 * @param changed whether kind and pose are the target's
 * @param kept whether colour, texture and background are the input's
 * @param similarity SSIM to the input
 */
record Outcome(boolean changed, boolean kept, double similarity) {
    private static final List<Attribute> KEPT = List.of(Attribute.COLOUR, Attribute.TEXTURE, Attribute.BACKGROUND);

    static Outcome of(PoseChange change, Picture original, Picture edited) {
        Reading reading = Oracle.read(edited);
        return new Outcome(
                reading.agrees(Attribute.KIND, change.target()) && reading.agrees(Attribute.POSE, change.target()),
                KEPT.stream().allMatch(attribute -> reading.agrees(attribute, change.scene())),
                Fidelity.between(original, edited).ssim());
    }

    static Outcome of(JsonObject json) {
        return new Outcome(json.get("changed").getAsBoolean(), json.get("kept").getAsBoolean(), json.get("similarity").getAsDouble());
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("changed", changed);
        json.addProperty("kept", kept);
        json.addProperty("similarity", similarity);
        return json;
    }
}
