package io.heddle.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import io.heddle.image.PngText;
import io.heddle.image.Size;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a PNG file says of itself. */
record PictureInfo(Path file, Size size, Map<String, String> texts, Optional<JsonObject> recipe) implements Report {
    private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /** The keywords that image generators use, and what they put there. */
    private static final Map<String, String> WRITERS = Map.of(
            PictureRecipe.PARAMETERS, "settings as web interfaces write them",
            "prompt", "ComfyUI's prompt graph",
            "workflow", "ComfyUI's workflow",
            "invokeai_metadata", "InvokeAI's metadata",
            "sd-metadata", "InvokeAI's older metadata",
            "Dream", "InvokeAI's oldest command line");

    static PictureInfo read(Path file) {
        Map<String, String> texts = new LinkedHashMap<>(PngText.read(file));
        Optional<JsonObject> recipe = PictureRecipe.details(texts);
        if (recipe.isPresent()) {
            texts.remove(PictureRecipe.DETAILS);
        }
        return new PictureInfo(file, Picture.read(file).size(), texts, recipe);
    }

    @Override
    public JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("file", file.toString());
        json.addProperty("width", size.width());
        json.addProperty("height", size.height());
        recipe.ifPresent(details -> json.add("recipe", details));
        JsonObject entries = new JsonObject();
        texts.forEach(entries::addProperty);
        json.add("texts", entries);
        return json;
    }

    @Override
    public void print(PrintStream out) {
        out.println(file + ": " + size);
        if (texts.isEmpty() && recipe.isEmpty()) {
            out.println("it says nothing of how it was made");
        }
        texts.forEach((keyword, text) -> {
            String writer = WRITERS.get(keyword);
            out.println();
            out.println(keyword + (writer == null ? "" : " (" + writer + ")") + ":");
            out.println(text.indent(2).stripTrailing());
        });
        recipe.ifPresent(details -> {
            out.println();
            out.println("recipe:");
            out.println(PRETTY.toJson(details).indent(2).stripTrailing());
        });
    }
}
