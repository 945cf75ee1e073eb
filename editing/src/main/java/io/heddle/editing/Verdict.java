package io.heddle.editing;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The verdict on one item of an evaluation, kept in a file of its own, so that an interrupted evaluation goes on where it was. */
public final class Verdict {
    private static final String ITEM = "item";

    private Verdict() {}

    /**
     * The verdict in a file, reached and written if it is not there.
     *
     * @param file its folder is made if it is missing
     * @param item what is judged
     * @param judge reaches the verdict
     * @throws IllegalArgumentException if the file has the verdict on another item
     */
    public static JsonObject kept(Path file, String item, Supplier<JsonObject> judge) {
        try {
            if (Files.exists(file)) {
                JsonObject known = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
                if (!known.get(ITEM).getAsString().equals(item)) {
                    throw new IllegalArgumentException(file + " is the verdict on " + known.get(ITEM).getAsString() + ", but the item here is " + item
                            + ": choose another folder for these items");
                }
                return known;
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("the evaluation cannot use " + file, e);
        }
        JsonObject verdict = judge.get();
        verdict.addProperty(ITEM, item);
        AtomicFile.write(file, Existing.REPLACE, temporary -> Files.writeString(temporary, verdict.toString()));
        return verdict;
    }
}
