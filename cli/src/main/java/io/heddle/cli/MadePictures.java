package io.heddle.cli;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Pictures that a command has written.
 *
 * @param pictures the files
 * @param seed by which noise was drawn, if any was
 * @param seconds how long the command took, without loading the model
 */
record MadePictures(List<Path> pictures, Optional<Long> seed, double seconds) implements Report {
    @Override
    public JsonObject json() {
        return Sampling.json(pictures, seed, seconds);
    }

    @Override
    public void print(PrintStream out) {
        pictures.forEach(path -> out.println("wrote " + path));
        out.printf(Locale.ROOT, "%s%.1f s%n", seed.map(drawn -> "seed " + drawn + ", ").orElse(""), seconds);
    }
}
