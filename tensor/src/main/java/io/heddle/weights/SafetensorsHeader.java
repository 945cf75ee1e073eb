package io.heddle.weights;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The header of a safetensors file: eight bytes with the length N of a JSON object, little-endian; the object; then the elements of all tensors without
 * a hole. Accepts what the reference implementation accepts, but for repeated keys, which the format's description forbids.
 *
 * @param metadata the strings under {@code __metadata__}
 * @param tensors the tensors by name, in the order of their elements
 */
record SafetensorsHeader(SequencedMap<String, String> metadata, SequencedMap<String, StoredTensor> tensors) {
    static final String METADATA = "__metadata__";
    static final long LONGEST = 100_000_000;
    private static final int MOST_TENSORS = 1_000_000;
    private static final int LONGEST_NAME = 4096;
    private static final int HIGHEST_RANK = 64;

    /** An entry as written, with offsets relative to the end of the header. */
    private record Entry(String name, StoredType type, List<Long> shape, long begin, long end) {}

    /** Collects the fields of the header's object. */
    private static final class Fields {
        final SequencedMap<String, String> metadata = new LinkedHashMap<>();
        final List<Entry> entries = new ArrayList<>();
        private final Set<String> names = new HashSet<>();

        void read(JsonReader reader) throws IOException {
            while (reader.hasNext()) {
                String name = StrictJson.name(reader);
                if (name.length() > LONGEST_NAME) {
                    throw new StrictJson.Violation("the name " + Phrases.name(name) + " is longer than " + LONGEST_NAME + " characters");
                }
                if (!names.add(name)) {
                    throw new StrictJson.Violation("the name " + Phrases.name(name) + " appears twice");
                }
                if (names.size() > MOST_TENSORS) {
                    throw new StrictJson.Violation("it lists more than " + Phrases.count(MOST_TENSORS) + " tensors");
                }
                if (name.equals(METADATA)) {
                    readMetadata(reader);
                } else {
                    entries.add(entry(name, reader));
                }
            }
        }

        private void readMetadata(JsonReader reader) throws IOException {
            StrictJson.expect(reader, JsonToken.BEGIN_OBJECT, METADATA);
            reader.beginObject();
            while (reader.hasNext()) {
                String key = StrictJson.name(reader);
                String value = StrictJson.string(reader, METADATA + " value of " + Phrases.name(key));
                if (metadata.putIfAbsent(key, value) != null) {
                    throw new StrictJson.Violation("the key " + Phrases.name(key) + " appears twice in " + METADATA);
                }
            }
            reader.endObject();
        }

        private static Entry entry(String name, JsonReader reader) throws IOException {
            String what = "tensor " + Phrases.name(name);
            Optional<StoredType> type = Optional.empty();
            Optional<List<Long>> shape = Optional.empty();
            Optional<List<Long>> offsets = Optional.empty();
            Set<String> keys = new HashSet<>();
            StrictJson.expect(reader, JsonToken.BEGIN_OBJECT, what);
            reader.beginObject();
            while (reader.hasNext()) {
                String key = StrictJson.name(reader);
                if (!keys.add(key)) {
                    throw new StrictJson.Violation("the key " + Phrases.name(key) + " of " + what + " appears twice");
                }
                switch (key) {
                    case "dtype" -> type = Optional.of(type(StrictJson.string(reader, "dtype of " + what), what));
                    case "shape" -> shape = Optional.of(sizes(reader, "shape of " + what));
                    case "data_offsets" -> offsets = Optional.of(sizes(reader, "data_offsets of " + what));
                    default -> StrictJson.element(reader);
                }
            }
            reader.endObject();
            if (type.isEmpty() || shape.isEmpty() || offsets.isEmpty()) {
                throw new StrictJson.Violation(what + " lacks dtype, shape or data_offsets");
            }
            if (offsets.get().size() != 2) {
                throw new StrictJson.Violation("data_offsets of " + what + " should be two numbers and are " + offsets.get());
            }
            return new Entry(name, type.get(), shape.get(), offsets.get().getFirst(), offsets.get().getLast());
        }

        private static StoredType type(String name, String what) throws IOException {
            return StoredType.named(name).orElseThrow(() -> new StrictJson.Violation("dtype of " + what + " is unknown: " + Phrases.name(name)));
        }

        private static List<Long> sizes(JsonReader reader, String what) throws IOException {
            StrictJson.expect(reader, JsonToken.BEGIN_ARRAY, what);
            List<Long> sizes = new ArrayList<>();
            reader.beginArray();
            while (reader.hasNext()) {
                if (sizes.size() == HIGHEST_RANK) {
                    throw new StrictJson.Violation(what + " has more than " + HIGHEST_RANK + " numbers");
                }
                sizes.add(StrictJson.size(reader, what));
            }
            reader.endArray();
            return List.copyOf(sizes);
        }
    }

    /**
     * Reads and checks the header of the file whose bytes are {@code content}.
     *
     * @throws WeightException.Malformed if the bytes break a rule of the format
     * @throws WeightException.Unsupported if they are of another known format
     */
    static SafetensorsHeader parse(Path file, MemorySegment content) {
        if (content.byteSize() < Long.BYTES) {
            throw malformed(file, "its " + content.byteSize() + " bytes are too few for a header");
        }
        long length = Elements.headerLength(content);
        long available = content.byteSize() - Long.BYTES;
        if (length < 0 || length > LONGEST || length > available) {
            ForeignFormat.refuseContent(file, content);
            String given = "its first 8 bytes give a header of " + Long.toUnsignedString(length) + " bytes";
            throw malformed(
                    file,
                    length < 0 || length > LONGEST
                            ? given + ", too large (at most " + Phrases.count(LONGEST) + " are allowed)"
                            : given + ", which is not a valid length: only " + available + " bytes follow, so the file is truncated or damaged");
        }
        byte[] json = content.asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
        Fields fields = new Fields();
        try {
            StrictJson.readObject(file + ": the safetensors header", json, fields::read);
        } catch (WeightException.Malformed e) {
            ForeignFormat.refuseContent(file, content);
            throw e;
        }
        return new SafetensorsHeader(fields.metadata, located(file, content.asSlice(Long.BYTES + length), fields.entries));
    }

    /** The tensors over their elements; checks that they cover {@code buffer} exactly, in order and once. */
    private static SequencedMap<String, StoredTensor> located(Path file, MemorySegment buffer, List<Entry> entries) {
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        SequencedMap<String, StoredTensor> tensors = LinkedHashMap.newLinkedHashMap(entries.size());
        long covered = 0;
        for (Entry entry : entries) {
            String what = "tensor " + Phrases.name(entry.name);
            if (entry.begin != covered || entry.end < entry.begin) {
                throw malformed(file, "invalid offset: " + what + " has data_offsets [" + entry.begin + ", " + entry.end + "] and should begin at "
                        + covered + ", where the one before it ends");
            }
            long size = byteSize(file, entry);
            if (entry.end - entry.begin != size) {
                throw malformed(file, "invalid info: " + what + " has " + (entry.end - entry.begin) + " bytes, but shape " + entry.shape + " of "
                        + entry.type + " takes " + size);
            }
            if (entry.end > buffer.byteSize()) {
                throw notCovered(file, buffer.byteSize(), entry.end, what + " ends");
            }
            tensors.put(entry.name, new StoredTensor(entry.name, entry.type, entry.shape, file, buffer.asSlice(entry.begin, size)));
            covered = entry.end;
        }
        if (covered != buffer.byteSize()) {
            throw notCovered(file, buffer.byteSize(), covered, "the last tensor ends");
        }
        return tensors;
    }

    private static long byteSize(Path file, Entry entry) {
        try {
            long bits = entry.type.bits();
            for (long extent : entry.shape) {
                bits = Math.multiplyExact(bits, extent);
            }
            if (bits % Byte.SIZE != 0) {
                throw malformed(file, "invalid info: tensor " + Phrases.name(entry.name) + ", shape " + entry.shape + " of " + entry.type
                        + ", does not fill whole bytes");
            }
            return bits / Byte.SIZE;
        } catch (ArithmeticException e) {
            throw malformed(file, "overflow: the size of tensor " + Phrases.name(entry.name) + ", shape " + entry.shape + ", exceeds 2^63 bits");
        }
    }

    private static WeightException notCovered(Path file, long found, long end, String what) {
        return malformed(file, "the file is not fully covered: " + what + " at byte " + end + " of the data and the file has " + found
                + ", so it is truncated or something was appended");
    }

    private static WeightException malformed(Path file, String reason) {
        return new WeightException.Malformed(file + " is not a valid safetensors file: " + reason);
    }
}
