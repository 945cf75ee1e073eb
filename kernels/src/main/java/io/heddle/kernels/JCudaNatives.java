package io.heddle.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import jcuda.JCudaVersion;
import jcuda.LibUtils;

/**
 * JCuda's native libraries, each unpacked into a directory of this process alone. JCuda itself would use any file of the right name that it finds in the
 * shared temporary directory.
 */
final class JCudaNatives {
    private static final String TEMPORARY_DIRECTORY = "java.io.tmpdir";

    private JCudaNatives() {}

    /**
     * Runs what makes JCuda load a library.
     *
     * @param library its name: {@code JCudaDriver} or {@code JCublas2}
     * @param change what is done to its bytes first
     * @param loading the call that loads it
     */
    static synchronized void load(String library, UnaryOperator<byte[]> change, Runnable loading) {
        String file = LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName(library + "-" + JCudaVersion.get()));
        try {
            Path directory = Files.createTempDirectory("heddle-cuda");
            Path unpacked = directory.resolve(file);
            try {
                Files.write(unpacked, change.apply(resource("/lib/" + file)));
                loadFrom(directory, loading);
            } finally {
                Files.deleteIfExists(unpacked);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be unpacked into the temporary directory", e);
        }
    }

    private static void loadFrom(Path directory, Runnable loading) {
        String before = System.getProperty(TEMPORARY_DIRECTORY);
        System.setProperty(TEMPORARY_DIRECTORY, directory.toString());
        try {
            loading.run();
        } finally {
            System.setProperty(TEMPORARY_DIRECTORY, before);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = LibUtils.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path: add JCuda's natives for this platform");
            }
            return in.readAllBytes();
        }
    }
}
