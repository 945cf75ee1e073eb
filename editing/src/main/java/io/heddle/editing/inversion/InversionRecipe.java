package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import io.heddle.schedulers.Transition;
import io.heddle.tensor.Tensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Everything that an inversion's bits depend on, as JSON; tensors and coefficients by their digest. */
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
        recipe.addProperty("inputs", digest(inverter, clean, text));
        return recipe;
    }

    private static String digest(Inverter inverter, Tensor clean, SourceText text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, clean.toArray());
            add(digest, text.conditional().tensor().toArray());
            add(digest, text.empty().tensor().toArray());
            for (Transition hop : inverter.schedule().transitions()) {
                add(digest, hop.timestep(), hop.alphaBarFrom(), hop.alphaBarTo());
            }
            digest.update((byte) inverter.schedule().prediction().ordinal());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
    }
}
