package io.heddle.weights;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;

/**
 * The index of a checkpoint that is split into several files of one folder.
 *
 * @param file the index itself
 * @param shardOf the shard's file name for each tensor name
 */
record ShardIndex(Path file, SequencedMap<String, String> shardOf) {
    private static final String WEIGHT_MAP = "weight_map";

    /**
     * Reads and checks the index.
     *
     * @throws WeightException if it is missing or not an index, or a shard is named by anything but a plain file name
     */
    static ShardIndex read(Path file) {
        return parse(file, ConfigReader.bytes(file, SafetensorsHeader.LONGEST));
    }

    /** The index with the text {@code json}. */
    static ShardIndex parse(Path file, byte[] json) {
        SequencedMap<String, String> shardOf = new LinkedHashMap<>();
        StrictJson.readObject(file.toString(), json, reader -> {
            boolean found = false;
            while (reader.hasNext()) {
                if (!StrictJson.name(reader).equals(WEIGHT_MAP)) {
                    StrictJson.element(reader);
                } else if (found) {
                    throw new StrictJson.Violation("the key " + WEIGHT_MAP + " appears twice");
                } else {
                    readMap(reader, shardOf);
                    found = true;
                }
            }
            if (!found) {
                throw new StrictJson.Violation("the key " + WEIGHT_MAP + " is missing, which maps tensor names to files");
            }
        });
        return new ShardIndex(file, shardOf);
    }

    private static void readMap(JsonReader reader, SequencedMap<String, String> shardOf) throws IOException {
        StrictJson.expect(reader, JsonToken.BEGIN_OBJECT, WEIGHT_MAP);
        reader.beginObject();
        while (reader.hasNext()) {
            String name = StrictJson.name(reader);
            String shard = StrictJson.string(reader, "the file of tensor " + Phrases.name(name));
            if (!isPlainFileName(shard)) {
                throw new StrictJson.Violation(
                        "the file of tensor " + Phrases.name(name) + " should be a plain file name and is " + Phrases.name(shard));
            }
            if (shardOf.put(name, shard) != null) {
                throw new StrictJson.Violation("tensor " + Phrases.name(name) + " appears twice");
            }
        }
        reader.endObject();
    }

    /** A name that cannot lead out of the folder, on any operating system. */
    private static boolean isPlainFileName(String name) {
        return !name.isEmpty() && !name.contains("..") && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c == 0);
    }

    /**
     * Opens all shards.
     *
     * @throws WeightException if one is missing or malformed, or holds other tensors than the index says
     */
    Checkpoint open() {
        List<SafetensorsFile> shards = new ArrayList<>();
        try {
            SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
            for (String shard : new TreeSet<>(shardOf.values())) {
                SafetensorsFile opened = SafetensorsFile.open(file.resolveSibling(shard));
                shards.add(opened);
                for (StoredTensor tensor : opened.tensors().values()) {
                    if (!shard.equals(shardOf.get(tensor.name()))) {
                        throw malformed("tensor " + Phrases.name(tensor.name()) + " is in " + shard + ", but the index places it "
                                + (shardOf.containsKey(tensor.name()) ? "in " + shardOf.get(tensor.name()) : "nowhere"));
                    }
                    tensors.put(tensor.name(), tensor);
                }
            }
            List<String> absent = shardOf.keySet().stream().filter(name -> !tensors.containsKey(name)).toList();
            if (!absent.isEmpty()) {
                throw malformed("no shard holds " + Phrases.list(absent));
            }
            return Checkpoint.of(file.toString(), tensors, shards);
        } catch (RuntimeException e) {
            shards.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    private WeightException malformed(String reason) {
        return new WeightException.Malformed(file + " does not match its shards: " + reason);
    }
}
