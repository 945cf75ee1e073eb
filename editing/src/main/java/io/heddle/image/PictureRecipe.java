package io.heddle.image;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * How a picture was made, as its PNG file tells it: a block of text in the form that the common web interfaces write and galleries show, and the whole
 * recipe as JSON.
 *
 * @param prompt what was asked for
 * @param negativePrompt what was to be avoided; may be empty
 * @param settings shown by name in this order, for example {@code Steps}, {@code Sampler}, {@code CFG scale}, {@code Seed}, {@code Size}
 * @param details everything needed to make the picture again
 */
public record PictureRecipe(String prompt, String negativePrompt, Map<String, String> settings, JsonObject details) {
    /** Keyword of the text block for people. */
    public static final String PARAMETERS = "parameters";

    /** Keyword of the JSON recipe. */
    public static final String DETAILS = "heddle";

    /** Copies the settings and the details. */
    public PictureRecipe {
        settings = new LinkedHashMap<>(settings);
        details = details.deepCopy();
    }

    /** The texts to write into a PNG file, by keyword. */
    public SequencedMap<String, String> toText() {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        texts.put(PARAMETERS, parameters());
        texts.put(DETAILS, details.toString());
        return texts;
    }

    /** The JSON recipe among the texts of a PNG file, if it has one. */
    public static Optional<JsonObject> details(Map<String, String> texts) {
        try {
            return Optional.ofNullable(texts.get(DETAILS)).map(JsonParser::parseString).filter(JsonElement::isJsonObject)
                    .map(JsonElement::getAsJsonObject);
        } catch (JsonSyntaxException _) {
            // someone else's chunk under our keyword
            return Optional.empty();
        }
    }

    private String parameters() {
        String line = settings.entrySet().stream().map(s -> s.getKey() + ": " + quoted(s.getValue())).collect(Collectors.joining(", "));
        return prompt + (negativePrompt.isEmpty() ? "" : "\nNegative prompt: " + negativePrompt) + "\n" + line;
    }

    /** The web interfaces put values that would break the line into JSON quotes. */
    private static String quoted(String value) {
        return value.matches("(?s).*[,:\n].*") ? new JsonPrimitive(value).toString() : value;
    }
}
