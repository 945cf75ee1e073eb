package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import io.heddle.editing.Fingerprint;
import io.heddle.schedulers.Transition;
import io.heddle.tensor.Tensor;

/** Everything that an inversion's bits depend on, as JSON; tensors, coefficients and weights by their fingerprints. */
final class InversionRecipe {
    private InversionRecipe() {}

    static JsonObject of(Inverter inverter, Tensor clean, SourceText text, InversionMethod method) {
        JsonObject recipe = new JsonObject();
        recipe.addProperty("method", method.key());
        recipe.add("settings", method.settings());
        recipe.addProperty("prompt", text.prompt());
        recipe.addProperty("steps", inverter.schedule().calls());
        recipe.addProperty("guidance", inverter.guidance());
        recipe.addProperty("model", inverter.model());
        recipe.addProperty("inputs", inputs(inverter, clean, text));
        return recipe;
    }

    private static String inputs(Inverter inverter, Tensor clean, SourceText text) {
        Fingerprint fingerprint = new Fingerprint()
                .add(clean.toArray())
                .add(text.conditional().tensor().toArray())
                .add(text.empty().tensor().toArray())
                .add(inverter.schedule().prediction().key());
        for (Transition hop : inverter.schedule().transitions()) {
            fingerprint.add(hop.timestep(), hop.alphaBarFrom(), hop.alphaBarTo());
        }
        return fingerprint.hex();
    }
}
