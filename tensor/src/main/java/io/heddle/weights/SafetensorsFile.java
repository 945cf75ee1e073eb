package io.heddle.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.SequencedMap;

/**
 * A safetensors file, mapped as one piece whatever its size. Opening checks the whole header and reads no element; tensors may be read from any
 * thread until the file is closed.
 */
public final class SafetensorsFile implements AutoCloseable {
    private final Path path;
    private final Arena arena;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path path, Arena arena, SafetensorsHeader header) {
        this.path = path;
        this.arena = arena;
        this.header = header;
    }

    /**
     * Maps {@code path} and checks its header.
     *
     * @throws WeightException if the file is missing, of another format, or breaks a rule of the format
     */
    public static SafetensorsFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new WeightException.Inaccessible(
                    path + (Files.exists(path) ? " is not a file" : " does not exist") + ": a safetensors file is expected");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new SafetensorsFile(path, arena, SafetensorsHeader.parse(path, content));
        } catch (IOException e) {
            arena.close();
            throw new WeightException.Inaccessible(path + " cannot be read: " + e, e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The file's name, as it was opened. */
    public Path path() {
        return path;
    }

    /** The strings under {@code __metadata__}, in the file's order; empty if there are none. */
    public SequencedMap<String, String> metadata() {
        return Collections.unmodifiableSequencedMap(header.metadata());
    }

    /** The tensors by name, in the order in which their elements are stored. */
    public SequencedMap<String, StoredTensor> tensors() {
        return Collections.unmodifiableSequencedMap(header.tensors());
    }

    /**
     * The tensor called {@code name}.
     *
     * @throws WeightException if the file has none of that name; the message lists the nearest ones
     */
    public StoredTensor tensor(String name) {
        StoredTensor tensor = header.tensors().get(name);
        if (tensor == null) {
            throw Discrepancies.missing(path.toString(), name, header.tensors().sequencedKeySet());
        }
        return tensor;
    }

    /** Unmaps the file. Reading a tensor afterwards throws. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
