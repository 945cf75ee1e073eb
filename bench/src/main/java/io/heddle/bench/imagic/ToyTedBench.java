package io.heddle.bench.imagic;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.toyworld.Rendering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes pose changes of the toy world in TEdBench's layout. Arguments: a folder, and the number of items, 10 by default. */
public final class ToyTedBench {
    private ToyTedBench() {}

    /** Writes them. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.err.println("usage: ToyTedBench FOLDER [ITEMS]");
            System.exit(2);
        }
        Path folder = Path.of(arguments[0]);
        Path originals = Files.createDirectories(folder.resolve("originals"));
        JsonArray list = new JsonArray();
        int count = arguments.length == 1 ? 10 : Integer.parseInt(arguments[1]);
        for (PoseChange change : PoseChange.heldOut(count, PoseChange.GROUND)) {
            String name = change.scene().first().kind().word() + "_" + change.number() + ".png";
            Rendering.of(change.scene()).picture().write(originals.resolve(name), Map.of(), Existing.REPLACE);
            JsonObject item = new JsonObject();
            item.addProperty("img_name", name);
            item.addProperty("target_text", change.prompt());
            list.add(item);
        }
        Files.writeString(folder.resolve("input_list.json"), new GsonBuilder().setPrettyPrinting().create().toJson(list));
    }
}
