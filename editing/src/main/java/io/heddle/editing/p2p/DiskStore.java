package io.heddle.editing.p2p;

import io.heddle.files.OutputException;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/** Keeps tensors one after the other in a temporary file and maps them when they are asked for. */
final class DiskStore implements TensorStore {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final Path path;
    private final FileChannel channel;
    private long end;

    private DiskStore(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static DiskStore create(Path folder) {
        try {
            Path path = Files.createTempFile(folder, "heddle-", ".tensors");
            StandardOpenOption[] options = {StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE};
            return new DiskStore(path, FileChannel.open(path, options));
        } catch (IOException e) {
            throw OutputException.failed(folder, e);
        }
    }

    @Override
    public Supplier<Tensor> keep(Tensor tensor) {
        long offset = end;
        long bytes = tensor.size() * Float.BYTES;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment elements = arena.allocate(bytes);
            tensor.device().backend().memory().download(tensor.buffer(), elements);
            ByteBuffer unwritten = elements.asByteBuffer();
            while (unwritten.hasRemaining()) {
                channel.write(unwritten, offset + unwritten.position());
            }
        } catch (IOException e) {
            throw OutputException.failed(path, e);
        }
        end += bytes;
        Device device = tensor.device();
        Shape shape = tensor.shape();
        return () -> read(device, shape, offset);
    }

    private Tensor read(Device device, Shape shape, long offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment elements = channel.map(MapMode.READ_ONLY, offset, shape.size() * Float.BYTES, arena);
            return device.tensor(shape, elements.toArray(FLOAT));
        } catch (IOException e) {
            throw new UncheckedIOException("the stored attention in " + path + " cannot be read", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw OutputException.failed(path, e);
        }
    }
}
