package io.heddle.weights;

import com.google.gson.JsonPrimitive;
import io.heddle.files.AtomicFile;
import io.heddle.files.AtomicFile.Existing;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.StringJoiner;
import java.util.function.Supplier;

/**
 * Writes safetensors files byte for byte as the reference implementation does: tensors with the widest elements first, then by name, and a header padded
 * with spaces to a multiple of eight bytes. Values are asked for one tensor at a time while the file is written, so a file may be larger than memory.
 *
 * <pre>{@code
 * new SafetensorsWriter()
 *         .metadata("format", "pt")
 *         .add("latents", StoredType.F32, List.of(1L, 4L, 64L, 64L), () -> values)
 *         .write(path, Existing.REFUSE);
 * }</pre>
 */
public final class SafetensorsWriter {
    private static final int CHUNK = 1 << 18;

    /** The elements of a tensor go to a channel. */
    @FunctionalInterface
    private interface Content {
        void writeTo(FileChannel channel, ByteBuffer chunk) throws IOException;
    }

    private record Pending(String name, StoredType type, List<Long> shape, long bytes, Content content) {}

    private static final Comparator<Pending> FILE_ORDER = Comparator.comparing(Pending::type)
            .reversed()
            .thenComparing(pending -> pending.name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final SequencedMap<String, String> metadata = new LinkedHashMap<>();
    private final SequencedMap<String, Pending> tensors = new LinkedHashMap<>();

    /** A writer without tensors. */
    public SafetensorsWriter() {}

    /** Adds a string to the file's metadata. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Adds a tensor of floating-point values.
     *
     * @param type F32, or F16 for rounding to the nearest half-precision value
     * @param values answers the elements, row-major, when they are to be written
     * @throws IllegalArgumentException if the name is taken, or the type is another one
     */
    public SafetensorsWriter add(String name, StoredType type, List<Long> shape, Supplier<float[]> values) {
        if (type != StoredType.F32 && type != StoredType.F16) {
            throw new IllegalArgumentException("tensor " + name + ": floats can be written as F32 or F16, not as " + type);
        }
        return add(name, type, shape, (channel, chunk) -> writeFloats(name, type, values.get(), elements(shape), channel, chunk));
    }

    /**
     * Adds a tensor of elements that are already as the file has them: little-endian, row-major.
     *
     * @param bytes answers the elements when they are to be written
     * @throws IllegalArgumentException if the name is taken
     */
    public SafetensorsWriter addStored(String name, StoredType type, List<Long> shape, Supplier<MemorySegment> bytes) {
        return add(name, type, shape, (channel, chunk) -> writeBytes(name, bytes.get(), byteSize(type, shape), channel, chunk));
    }

    /** Adds a copy of a tensor under its name. */
    public SafetensorsWriter addStored(StoredTensor tensor) {
        return addStored(tensor.name(), tensor.type(), tensor.shape(), tensor::bytes);
    }

    private SafetensorsWriter add(String name, StoredType type, List<Long> shape, Content content) {
        Pending pending = new Pending(name, type, List.copyOf(shape), byteSize(type, shape), content);
        if (name.equals(SafetensorsHeader.METADATA) || tensors.putIfAbsent(name, pending) != null) {
            throw new IllegalArgumentException("the name " + name + " is taken");
        }
        return this;
    }

    /**
     * Writes the file as a whole or not at all.
     *
     * @throws io.heddle.files.OutputException if it cannot be written
     * @throws WeightException if a finite value does not fit in F16
     */
    public void write(Path target, Existing existing) {
        List<Pending> ordered = tensors.values().stream().sorted(FILE_ORDER).toList();
        byte[] header = header(ordered);
        AtomicFile.write(target, existing, temporary -> {
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                chunk.putLong(header.length).flip();
                writeFully(channel, chunk);
                writeFully(channel, ByteBuffer.wrap(header));
                for (Pending pending : ordered) {
                    pending.content.writeTo(channel, chunk);
                }
            }
        });
    }

    private byte[] header(List<Pending> ordered) {
        StringJoiner fields = new StringJoiner(",", "{", "}");
        if (!metadata.isEmpty()) {
            StringJoiner strings = new StringJoiner(",", "{", "}");
            metadata.forEach((key, value) -> strings.add(quoted(key) + ":" + quoted(value)));
            fields.add(quoted(SafetensorsHeader.METADATA) + ":" + strings);
        }
        long begin = 0;
        for (Pending pending : ordered) {
            long end = Math.addExact(begin, pending.bytes);
            String shape = pending.shape.toString().replace(" ", "");
            fields.add(
                    "%s:{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}".formatted(quoted(pending.name), pending.type, shape, begin, end));
            begin = end;
        }
        byte[] json = fields.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void writeFloats(String name, StoredType type, float[] values, long elements, FileChannel channel, ByteBuffer chunk)
            throws IOException {
        if (values.length != elements) {
            throw new IllegalArgumentException("tensor " + name + " should have " + elements + " elements and was given " + values.length);
        }
        int width = type.bits() / Byte.SIZE;
        for (int start = 0; start < values.length; start += CHUNK / width) {
            int count = Math.min(CHUNK / width, values.length - start);
            chunk.clear();
            MemorySegment target = MemorySegment.ofBuffer(chunk);
            if (type == StoredType.F32) {
                Elements.toF32(values, start, count, target);
            } else {
                requireHalfRange(name, values, start, count);
                Elements.toF16(values, start, count, target);
            }
            writeFully(channel, chunk.limit(count * width));
        }
    }

    private static void requireHalfRange(String name, float[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (Float.isFinite(values[i]) && Float.isInfinite(Float.float16ToFloat(Float.floatToFloat16(values[i])))) {
                throw new WeightException.Unsupported("tensor " + name + ": element " + i + " is " + values[i]
                        + ", beyond the largest F16 value 65504: write the tensor as F32");
            }
        }
    }

    private static void writeBytes(String name, MemorySegment bytes, long size, FileChannel channel, ByteBuffer chunk) throws IOException {
        if (bytes.byteSize() != size) {
            throw new IllegalArgumentException("tensor " + name + " should have " + size + " bytes and was given " + bytes.byteSize());
        }
        for (long start = 0; start < size; start += CHUNK) {
            int count = (int) Math.min(CHUNK, size - start);
            MemorySegment.copy(bytes, start, MemorySegment.ofBuffer(chunk.clear()), 0, count);
            writeFully(channel, chunk.limit(count));
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    private static long byteSize(StoredType type, List<Long> shape) {
        return Math.multiplyExact(elements(shape), type.bits()) / Byte.SIZE;
    }

    private static String quoted(String text) {
        return new JsonPrimitive(text).toString();
    }
}
