package io.heddle.weights;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Files that users mistake for safetensors, recognised by name or by their first bytes, and the sentence that refuses each. */
enum ForeignFormat {
    PICKLE("is a pickle checkpoint; pickles can execute code when they are loaded and are never read: convert it to safetensors"),
    FLAX("holds Flax weights (msgpack), which are not supported: use the safetensors file of the model"),
    ONNX("is an ONNX model, which is not supported: use the safetensors file of the model"),
    GGUF("is a GGUF file, which is not supported: use the safetensors file of the model"),
    OPENVINO("belongs to an OpenVINO model, which is not supported: use the safetensors file of the model"),
    HDF5("holds TensorFlow weights (HDF5), which are not supported: use the safetensors file of the model"),
    LFS_POINTER("is a Git LFS pointer and not the file itself: run git lfs pull in its repository, or download the file");

    private static final byte[] LFS_START = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);
    private static final int PICKLE_PROTOCOL = 0x80;

    private final String refusal;

    ForeignFormat(String refusal) {
        this.refusal = refusal;
    }

    /** What such a file is and what to do instead; completes "the file ...". */
    String refusal() {
        return refusal;
    }

    /** The sentence that refuses {@code file}. */
    WeightException refuse(Path file) {
        return new WeightException.Unsupported(file + " " + refusal);
    }

    /** The format that weights of this file name have; empty for safetensors and for names that say nothing. */
    static Optional<ForeignFormat> ofName(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Optional.ofNullable(
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "bin", "ckpt", "pt", "pth", "pkl" -> PICKLE;
                    case "msgpack" -> FLAX;
                    case "onnx" -> ONNX;
                    case "gguf" -> GGUF;
                    case "xml" -> OPENVINO;
                    case "h5" -> HDF5;
                    default -> null;
                });
    }

    /** The format whose files begin like {@code content}. */
    static Optional<ForeignFormat> ofContent(MemorySegment content) {
        if (startsWith(content, LFS_START)) {
            return Optional.of(LFS_POINTER);
        }
        if (startsWith(content, 'P', 'K', 3, 4) || startsWith(content, PICKLE_PROTOCOL) && byteAt(content, 1) >= 2 && byteAt(content, 1) <= 5) {
            return Optional.of(PICKLE);
        }
        if (startsWith(content, 'G', 'G', 'U', 'F')) {
            return Optional.of(GGUF);
        }
        return startsWith(content, 0x89, 'H', 'D', 'F') ? Optional.of(HDF5) : Optional.empty();
    }

    static void refuseContent(Path file, MemorySegment content) {
        ofContent(content).ifPresent(format -> {
            throw format.refuse(file);
        });
    }

    static void refuseName(Path file) {
        ofName(file).ifPresent(format -> {
            throw format.refuse(file);
        });
    }

    /** Refuses a text file that is only a pointer to the real one. */
    static void refusePointer(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            if (startsWith(MemorySegment.ofArray(stream.readNBytes(LFS_START.length)), LFS_START)) {
                throw LFS_POINTER.refuse(file);
            }
        } catch (IOException e) {
            throw new WeightException.Inaccessible(file + " cannot be read: " + e, e);
        }
    }

    private static boolean startsWith(MemorySegment content, byte[] start) {
        return content.byteSize() >= start.length && content.asSlice(0, start.length).mismatch(MemorySegment.ofArray(start)) < 0;
    }

    private static boolean startsWith(MemorySegment content, int... start) {
        for (int i = 0; i < start.length; i++) {
            if (byteAt(content, i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static int byteAt(MemorySegment content, int index) {
        return index < content.byteSize() ? Byte.toUnsignedInt(content.get(ValueLayout.JAVA_BYTE, index)) : -1;
    }
}
