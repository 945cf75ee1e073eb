package io.heddle.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compiled kernels: machine code for one architecture, or PTX that the driver compiles for any later one.
 *
 * @param name for reports
 * @param source where the bytes are read
 */
record KernelImage(String name, Source source) {
    /** Files with other kernels of the same names, for development; {@code *} stands for the module. */
    static final String FILE_PROPERTY = "heddle.cuda.image";

    private static final int[] MACHINE_CODE = {90, 89, 86, 80};
    private static final int[] PTX = {80, 75};

    /** Opens the uncompressed bytes. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    /**
     * The images of a module that may run on a device, the best first: machine code of its architecture or an earlier one with the same major number, then
     * PTX.
     */
    static List<KernelImage> of(String module, Capability capability) {
        @Nullable String file = System.getProperty(FILE_PROPERTY);
        if (file != null) {
            return List.of(new KernelImage(file, () -> Files.newInputStream(Path.of(file.replace("*", module)))));
        }
        return resources(module, capability);
    }

    /** The same without the property: those that are delivered. */
    static List<KernelImage> resources(String module, Capability capability) {
        List<KernelImage> images = new ArrayList<>();
        for (int architecture : MACHINE_CODE) {
            if (architecture / 10 == capability.major() && architecture <= capability.number()) {
                images.add(resource(module + ".sm_" + architecture + ".cubin"));
            }
        }
        for (int architecture : PTX) {
            if (architecture <= capability.number()) {
                images.add(resource(module + ".sm_" + architecture + ".ptx"));
            }
        }
        return images;
    }

    private static KernelImage resource(String name) {
        return new KernelImage(name, () -> {
            InputStream compressed = KernelImage.class.getResourceAsStream(name + ".gz");
            if (compressed == null) {
                throw new IOException("the resource " + name + ".gz is missing beside " + KernelImage.class.getName());
            }
            return new GZIPInputStream(compressed);
        });
    }

    /** Whether there is something to read: a build from sources may lack compiled kernels. */
    boolean isPresent() {
        try (InputStream _ = source.open()) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** The bytes in memory that the driver may read: a zero follows, as it expects of PTX. */
    ByteBuffer bytes() {
        try (InputStream in = source.open()) {
            byte[] bytes = in.readAllBytes();
            return ByteBuffer.allocateDirect(bytes.length + 1).put(bytes).rewind();
        } catch (IOException e) {
            throw new UncheckedIOException("the kernels " + name + " cannot be read", e);
        }
    }
}
