package io.heddle.editing.imagic;

import com.google.gson.JsonObject;

/**
 * How one stage descends its loss, by Adam.
 *
 * @param steps updates; 0 leaves out the stage
 * @param learningRate of all steps
 * @param batch noise levels that each step looks at
 */
public record Descent(int steps, double learningRate, int batch) {
    /** Refuses what cannot be run. */
    public Descent {
        if (steps < 0 || batch < 1 || !(learningRate > 0)) {
            throw new IllegalArgumentException("a stage takes 0 or more steps, a learning rate above 0 and a batch of 1 or more, but got " + steps
                    + ", " + learningRate + " and " + batch);
        }
    }

    static Descent of(JsonObject json) {
        return new Descent(json.get("steps").getAsInt(), json.get("learningRate").getAsDouble(), json.get("batch").getAsInt());
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("steps", steps);
        json.addProperty("learningRate", learningRate);
        json.addProperty("batch", batch);
        return json;
    }
}
