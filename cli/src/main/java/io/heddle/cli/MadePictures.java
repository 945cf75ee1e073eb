package io.heddle.cli;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Pictures that a command has written.
 *
 * @param pictures the files
 * @param seed the seed of the start noise
 * @param seconds how long the command took, without loading the model
 */
record MadePictures(List<Path> pictures, long seed, double seconds) implements Report {
    @Override
    public JsonObject json() {
        return Sampling.json(pictures, seed, seconds);
    }

    @Override
    public void print(PrintStream out) {
        pictures.forEach(path -> out.println("wrote " + path));
        out.printf(Locale.ROOT, "seed %d, %.1f s%n", seed, seconds);
    }
}
