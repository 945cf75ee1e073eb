package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import io.heddle.editing.Fingerprint;
import io.heddle.schedulers.Transition;
import io.heddle.tensor.Tensor;

/** What an inversion depends on, as JSON; tensors, coefficients and weights by their fingerprints. */
final class InversionRecipe {
    private static final String SCHEDULE = "schedule";
    private static final String INPUTS = "inputs";

    private InversionRecipe() {}

    /** Everything that its bits depend on. */
    static JsonObject of(Inverter inverter, Tensor clean, SourceText text, InversionMethod method) {
        JsonObject recipe = of(inverter, text.prompt(), method);
        recipe.addProperty(INPUTS, new Fingerprint()
                .add(clean.toArray())
                .add(text.conditional().tensor().toArray())
                .add(text.empty().tensor().toArray())
                .hex());
        return recipe;
    }

    /** The part that is the same on every device. */
    static JsonObject of(Inverter inverter, String prompt, InversionMethod method) {
        JsonObject recipe = new JsonObject();
        recipe.addProperty("method", method.key());
        recipe.add("settings", method.settings());
        recipe.addProperty("prompt", prompt);
        recipe.addProperty("steps", inverter.schedule().calls());
        recipe.addProperty("guidance", inverter.guidance());
        recipe.addProperty("model", inverter.model());
        recipe.addProperty(SCHEDULE, schedule(inverter));
        return recipe;
    }

    /** The part of a whole recipe that is the same on every device. */
    static JsonObject anywhere(JsonObject recipe) {
        JsonObject part = recipe.deepCopy();
        part.remove(INPUTS);
        return part;
    }

    /** Whether a recipe was written before its parts were told apart. */
    static boolean isOld(JsonObject recipe) {
        return !recipe.has(SCHEDULE);
    }

    private static String schedule(Inverter inverter) {
        Fingerprint fingerprint = new Fingerprint().add(inverter.schedule().prediction().key());
        for (Transition hop : inverter.schedule().transitions()) {
            fingerprint.add(hop.timestep(), hop.alphaBarFrom(), hop.alphaBarTo());
        }
        return fingerprint.hex();
    }
}
