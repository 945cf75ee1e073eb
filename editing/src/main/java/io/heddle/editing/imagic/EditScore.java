package io.heddle.editing.imagic;

import com.google.gson.JsonObject;
import java.util.Locale;

/**
 * How an edited picture came out. Along η the first number falls and the second rises; the authors of Imagic warn that such numbers neither pick the best η
 * nor rank methods (section 4.3 of the paper).
 *
 * @param similarity to the original picture, 1 for the same
 * @param edit how well the picture shows the text; its unit is the judge's
 */
public record EditScore(double similarity, double edit) {
    /** This score as JSON. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("similarity", similarity);
        json.addProperty("edit", edit);
        return json;
    }

    static EditScore of(JsonObject json) {
        return new EditScore(json.get("similarity").getAsDouble(), json.get("edit").getAsDouble());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "similarity %.3f, edit %.3f", similarity, edit);
    }
}
