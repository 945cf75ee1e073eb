package io.heddle.editing.imagic;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One edit of TEdBench, the benchmark of Imagic's authors.
 *
 * @param picture the file
 * @param target what the edited picture should show
 */
public record TedBenchItem(Path picture, String target) {
    private static final String LIST = "input_list.json";
    private static final String PICTURES = "originals";

    /**
     * Reads the benchmark as it is published: {@code input_list.json}, a list of {@code {"img_name": …, "target_text": …}}, beside the folder
     * {@code originals} of pictures.
     *
     * @throws IllegalArgumentException if the list is malformed, or names a picture that does not exist
     */
    public static List<TedBenchItem> read(Path folder) {
        Path list = folder.resolve(LIST);
        List<TedBenchItem> items = new ArrayList<>();
        for (JsonElement entry : array(list)) {
            if (!(entry instanceof JsonObject object) || !object.has("img_name") || !object.has("target_text")) {
                throw new IllegalArgumentException(list + ": the entry " + entry + " is not an item: expected img_name and target_text");
            }
            Path picture = folder.resolve(PICTURES).resolve(object.get("img_name").getAsString());
            if (!Files.isRegularFile(picture)) {
                throw new IllegalArgumentException(list + ": there is no picture " + picture);
            }
            items.add(new TedBenchItem(picture, object.get("target_text").getAsString()));
        }
        return items;
    }

    private static Iterable<JsonElement> array(Path list) {
        try {
            return JsonParser.parseString(Files.readString(list)).getAsJsonArray();
        } catch (IOException e) {
            throw new UncheckedIOException(list + " cannot be read", e);
        } catch (JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException(list + " is not a list of items in JSON: " + e.getMessage(), e);
        }
    }

    /** The name of its result, as the authors name theirs: {@code vase_01.jpeg-A_photo_of_a_vase_of_daisies}. */
    public String name() {
        String text = target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
        return picture.getFileName() + "-" + text.replace(' ', '_').replace('/', '_');
    }
}
