package io.heddle.cli;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an edit by dragging has made.
 *
 * @param pictures the files: the edited picture, then the pictures before and after
 * @param seed by which noise was drawn, if any was
 * @param calls how often the network was called, for one picture or several at a time
 * @param seconds how long it took, without loading the model
 */
record DraggedPicture(List<Path> pictures, Optional<Long> seed, int calls, double seconds) implements Report {
    @Override
    public JsonObject json() {
        JsonObject json = Sampling.json(pictures, seed, seconds);
        json.addProperty("networkCalls", calls);
        return json;
    }

    @Override
    public void print(PrintStream out) {
        pictures.forEach(path -> out.println("wrote " + path));
        out.printf(Locale.ROOT, "%s%d network calls, %.1f s%n", seed.map(drawn -> "seed " + drawn + ", ").orElse(""), calls, seconds);
    }
}
