package io.heddle.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.JCudaVersion;
import jcuda.LibUtils;

/**
 * JCuda's native libraries, each unpacked into a directory of this process alone. JCuda itself would use any file of the right name that it finds in the
 * shared temporary directory.
 */
final class JCudaNatives {
    private static final String TEMPORARY_DIRECTORY = "java.io.tmpdir";
    private static final String REMEDY = "; -D" + TEMPORARY_DIRECTORY + "=<directory> names another temporary directory";
    private static final Pattern LOADERS_WORDS = Pattern.compile("UnsatisfiedLinkError: (\\S+\\.so): (?:\\1: )?(.*)");

    private JCudaNatives() {}

    /** Whether a library is on the class path. */
    static boolean isPresent(String library) {
        return LibUtils.class.getResource("/lib/" + file(library)) != null;
    }

    /**
     * Runs what makes JCuda load a library.
     *
     * @param library its name: {@code JCudaDriver}, {@code JCublas2} or {@code JCudnn}
     * @param change what is done to its bytes first
     * @param loading the call that loads it
     * @throws UnsupportedOperationException if the library is not on the class path, or cannot be unpacked or loaded; the message names the file
     */
    static synchronized void load(String library, UnaryOperator<byte[]> change, Runnable loading) {
        String file = file(library);
        byte[] bytes = change.apply(resource("/lib/" + file));
        try {
            Path directory = Files.createTempDirectory("heddle-cuda");
            Path unpacked = directory.resolve(file);
            try {
                Files.write(unpacked, bytes);
                loadFrom(directory, loading);
            } catch (LinkageError e) {
                throw new UnsupportedOperationException(unpacked + " cannot be loaded: " + reason(e) + REMEDY, e);
            } finally {
                Files.deleteIfExists(unpacked);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UnsupportedOperationException(file + " cannot be unpacked: " + e + REMEDY, e);
        }
    }

    private static String file(String library) {
        return LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName(library + "-" + JCudaVersion.get()));
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

    /** What the loader said, which JCuda puts behind a report of several lines. */
    private static String reason(LinkageError e) {
        Matcher loaders = LOADERS_WORDS.matcher(String.valueOf(e.getMessage()));
        return loaders.find() ? loaders.group(2) : e.toString().lines().findFirst().orElseThrow();
    }

    private static byte[] resource(String name) {
        try (InputStream in = LibUtils.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new UnsupportedOperationException(name + " is not on the class path: add JCuda's natives for this platform");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UnsupportedOperationException(name + " cannot be read from the class path", e);
        }
    }
}
