package io.heddle.cli.demo;

import com.google.gson.JsonObject;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.image.PictureRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the demo's pictures, each with its recipe, and their page; tells of each picture. */
final class Gallery {
    private static final String PAGE = "index.html";

    private final Path folder;
    private final Existing existing;
    private final DemoSettings settings;
    private final Consumer<String> progress;
    private final List<Path> pictures = new ArrayList<>();

    Gallery(Path folder, Existing existing, DemoSettings settings, Consumer<String> progress) {
        this.folder = folder;
        this.existing = existing;
        this.settings = settings;
        this.progress = progress;
    }

    /** The files of all pictures so far. */
    List<Path> pictures() {
        return List.copyOf(pictures);
    }

    /** Writes the page that shows them. */
    Path publish(String html) {
        Path page = folder.resolve(PAGE);
        AtomicFile.write(page, existing, file -> Files.writeString(file, html));
        return page;
    }

    /** Writes a picture that no model has made, and puts it on show. */
    Exhibit showDrawing(String name, Picture picture, String title, String prompt) {
        JsonObject details = new JsonObject();
        details.addProperty("method", "drawn by the toy world");
        return show(name, picture, title, prompt, Optional.empty(),
                new PictureRecipe(prompt, "", Map.of("Size", picture.size().toString()), details));
    }

    /** Writes a picture and puts it on show, with the command that makes it again. */
    Exhibit show(String name, Picture picture, String title, String prompt, String command) {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("Steps", Integer.toString(settings.steps()));
        shown.put("Sampler", "DDIM");
        shown.put("CFG scale", Double.toString(settings.guidanceScale()));
        shown.put("Seed", Long.toString(settings.seed()));
        shown.put("Size", picture.size().toString());
        JsonObject details = new JsonObject();
        details.addProperty("method", "demo");
        details.addProperty("prompt", prompt);
        details.addProperty("command", command);
        return show(name, picture, title, prompt, Optional.of(command), new PictureRecipe(prompt, "", shown, details));
    }

    private Exhibit show(String name, Picture picture, String title, String prompt, Optional<String> command, PictureRecipe recipe) {
        Path file = folder.resolve(name + ".png");
        picture.write(file, recipe.toText(), existing);
        pictures.add(file);
        progress.accept(file + "  " + title);
        return new Exhibit(file, title, prompt, command);
    }
}
