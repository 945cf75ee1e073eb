package io.heddle.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.StoredTensor;
import io.heddle.weights.StoredType;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a file of tensors holds.
 *
 * @param file where
 * @param tensors name, type and shape of each tensor; empty unless asked for
 * @param count number of tensors
 * @param elements number of values
 * @param bytes size of the values in the file
 * @param types number of values by type
 */
record CheckpointInfo(Path file, List<StoredTensor> tensors, int count, long elements, long bytes, Map<StoredType, Long> types) implements Report {
    static CheckpointInfo of(Path file, Checkpoint checkpoint, boolean listed) {
        List<StoredTensor> all = List.copyOf(checkpoint.tensors());
        return new CheckpointInfo(
                file,
                listed ? all : List.of(),
                all.size(),
                all.stream().mapToLong(StoredTensor::elements).sum(),
                all.stream().mapToLong(tensor -> tensor.bytes().byteSize()).sum(),
                all.stream().collect(Collectors.groupingBy(StoredTensor::type, TreeMap::new, Collectors.summingLong(StoredTensor::elements))));
    }

    @Override
    public JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("file", file.toString());
        json.addProperty("tensors", count);
        json.addProperty("values", elements);
        json.addProperty("bytes", bytes);
        JsonObject byType = new JsonObject();
        types.forEach((type, values) -> byType.addProperty(type.name(), values));
        json.add("types", byType);
        if (!tensors.isEmpty()) {
            JsonArray list = new JsonArray();
            for (StoredTensor tensor : tensors) {
                JsonObject entry = new JsonObject();
                entry.addProperty("name", tensor.name());
                entry.addProperty("type", tensor.type().name());
                entry.add("shape", tensor.shape().stream().collect(JsonArray::new, JsonArray::add, JsonArray::addAll));
                list.add(entry);
            }
            json.add("list", list);
        }
        return json;
    }

    @Override
    public void print(PrintStream out) {
        out.println(file + ": " + summary());
        for (StoredTensor tensor : tensors) {
            out.println("  %-5s %-22s %s".formatted(tensor.type(), tensor.shape(), tensor.name()));
        }
    }

    String summary() {
        String byType = types.entrySet().stream().map(e -> String.format(Locale.ROOT, "%,d %s", e.getValue(), e.getKey()))
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "%,d tensors with %s values, %,d bytes", count, byType.isEmpty() ? "no" : byType, bytes);
    }
}
