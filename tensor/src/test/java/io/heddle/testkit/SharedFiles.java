package io.heddle.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The expected values of the reference libraries, in a folder {@code shared} beside the project. Tests that need it are skipped where it is absent. */
public final class SharedFiles {
    private SharedFiles() {}

    /** The file or folder at {@code relative} below {@code shared}; aborts the test as skipped when it does not exist. */
    public static Path locate(String relative) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path candidate = folder.resolve("shared").resolve(relative);
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        return abort("skipped: shared/" + relative + " is not beside the project");
    }

    /** The JSON file at {@code relative}. */
    public static JsonElement json(String relative) {
        try {
            return JsonParser.parseString(Files.readString(locate(relative)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
